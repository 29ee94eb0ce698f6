using System.Security.Cryptography;
using System.Text;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Log;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Periods;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>A day of messages from made-up units, in every state a submission can have.</summary>
public sealed record SyntheticDay(
    Guid OwnSubmission, Guid OtherSubmission, Guid Rejected, Guid SetAside, Guid AlsoSetAside, Guid Overtaken)
{
    // Of the own unit.
    private const int OvertakenPlace = 12;

    private static readonly AccessGround Ground = new(Actor.System("portal-tests"), "test");

    private static readonly (OrganizationNumber Number, string Name, int Vendor)[] Units =
    [
        (Number(310_000_000), "Nordvika helsestasjon", 0),
        (Number(310_100_000), "Solbakken skolehelsetjeneste", 0),
        (Number(310_200_000), "Furuset kommune, helse og omsorg", 1),
        (Number(310_300_000), "Strandeby helsestasjon", 1),
        (Number(310_400_000), "Elvemo helsestasjon", 2),
        (Number(310_500_000), "Ytre Skjær kommune", 2),
    ];

    private static readonly (OrganizationNumber Number, string Name, string Software, string Version)[] Vendors =
    [
        (Number(311_000_000), "Fjordjournal AS", "Fjord Helsestasjon", "8.2.1"),
        (Number(311_100_000), "Tind Helsesystem AS", "Tind Omsorg", "2026.3"),
        (Number(311_200_000), "Lun Programvare AS", "Lun Skolehelse", "4.11.0"),
    ];

    public static OrganizationNumber OwnUnit => Units[0].Number;

    public static OrganizationNumber OtherUnit => Units[2].Number;

    /// <summary>What the last of the units is the municipality of.</summary>
    public const string Municipality = "1103";

    public static OrganizationNumber MunicipalUnit => Units[5].Number;

    /// <summary>Sends nothing, against its own rhythm.</summary>
    public static OrganizationNumber SilentUnit => Units[3].Number;

    /// <summary>Sends less than it should.</summary>
    public static OrganizationNumber QuietUnit => Units[4].Number;

    public static OrganizationNumber OwnVendor => Vendors[0].Number;

    public static OrganizationNumber OtherVendor => Vendors[1].Number;

    /// <summary>A unit that is not yet set up.</summary>
    public static OrganizationNumber NewUnit { get; } = Number(310_600_000);

    /// <summary>Sends what a morning brings, the newest just now.</summary>
    public static async Task<SyntheticDay> SendAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var type = services.GetRequiredService<DefinitionCatalogue>().MessageTypes[0];
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var unit in Units) await ConfigureAsync(services, unit, [type], now, cancellation);

        var log = services.GetRequiredService<IntakeLog>();
        var sent = new List<Guid>();
        for (var i = 0; i < 40; i++)
        {
            var message = Accepted(i, type, now - TimeSpan.FromMinutes(7 * (40 - i)));
            var stored = await log.StoreAsync(message, cancellation);
            sent.Add(stored.ShouldBeOfType<StoreOutcome.Stored>().SubmissionId);
        }

        var rejected = Guid.CreateVersion7();
        await log.StoreAsync(Refused(rejected, type, 2008, now - TimeSpan.FromMinutes(31)), cancellation);
        await log.StoreAsync(Refused(Guid.CreateVersion7(), type, 2001, now - TimeSpan.FromMinutes(93)), cancellation);

        var database = services.GetRequiredService<RegisterDatabase>();
        await MergeAsync(database, sent[..^4], now, cancellation);
        await SetAsideAsync(database, sent[^4], now, cancellation);
        await SetAsideAsync(database, sent[^3], now, cancellation);
        await QuietenAsync(database, type, now, cancellation);
        return new SyntheticDay(sent[0], sent[2], rejected, sent[^4], sent[^3], sent[OvertakenPlace]);
    }

    /// <summary>One more message, just now.</summary>
    public static async Task<Guid> SendOneAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var type = services.GetRequiredService<DefinitionCatalogue>().MessageTypes[0];
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var outcome = await services.GetRequiredService<IntakeLog>()
            .StoreAsync(Accepted(i: 1000, type, now), cancellation);
        return outcome.ShouldBeOfType<StoreOutcome.Stored>().SubmissionId;
    }

    /// <summary>Sets up what the own unit sends.</summary>
    public static Task ConfigureOwnAsync(
        IServiceProvider services, IReadOnlyList<MessageType> types, CancellationToken cancellation) =>
        ConfigureAsync(
            services, Units.First(unit => unit.Number == OwnUnit), types,
            services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellation);

    private static Task ConfigureAsync(
        IServiceProvider services, (OrganizationNumber Number, string Name, int Vendor) unit,
        IReadOnlyList<MessageType> types, DateTimeOffset now, CancellationToken cancellation) =>
        services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            new SenderConfiguration(
                unit.Number, unit.Name, Enterprise: null, [], [new SenderVendor(Vendors[unit.Vendor].Number)],
                [.. types.Select(type =>
                    new Obligation(type.Name, DateOnly.FromDateTime(now.UtcDateTime).AddDays(-200)))])
            {
                Institutions = unit.Number == Units[5].Number ? [Municipality] : [],
            },
            Ground,
            cancellation);

    private static AcceptedMessage Accepted(int i, MessageType type, DateTimeOffset at)
    {
        var payload = Encoding.UTF8.GetBytes($"[{i}]");
        IReadOnlyList<Finding> findings = i switch
        {
            OvertakenPlace =>
                [new OvertakenPeriod($"{OwnUnit}", "", DataYear.Of(new(2019, 1, 1)), new(2019, 5, 3)).Finding],
            _ when i % 5 == 1 =>
            [
                new("DEF-031", Severity.Warning, $"/0/konsultasjon/{i}/dato",
                    "Datoen ligger etter uttrekket. Posten er tatt imot."),
            ],
            _ => [],
        };
        return new AcceptedMessage(
            Guid.CreateVersion7(), "slash", From(i, at), type, payload, SHA256.HashData(payload),
            new UsedProof($"proof-{i}", at.AddMinutes(5)), RecordCount: (i * 37 % 220) + 3, findings, at,
            [new("autentisering", 180 + i), new("dekryptering", 1_240), new("innhold", 2_900 + (40 * i))]);
    }

    private static RefusedMessage Refused(Guid id, MessageType type, int code, DateTimeOffset at) => new(
        id, "slash", From(code == 2008 ? 0 : 3, at), type.Name, type.Version, code, PayloadBytes: 18_220,
        PayloadHash: null, Proof: null,
        [
            new("DEF-012", Severity.Error, "/0/konsultasjon/3/startDato",
                "Feltet mangler. Oppgi når konsultasjonen begynte."),
            new("DEF-020", Severity.Error, "/0/konsultasjon/7/kontaktType",
                "Koden 99 finnes ikke i kodeverket for dataåret."),
        ],
        at,
        [new("autentisering", 210), new("dekryptering", 1_180), new("innhold", 1_700)]);

    private static Submitter From(int i, DateTimeOffset at)
    {
        var unit = Units[i % Units.Length];
        var vendor = Vendors[unit.Vendor];
        return new Submitter(
            unit.Number, null, vendor.Number, $"client-{unit.Vendor}", vendor.Name, vendor.Software, vendor.Version,
            "1.4", DateOnly.FromDateTime(at.UtcDateTime));
    }

    // Stands in for the worker that merges: these tests are about pages, and theirs must not wait for a register.
    private static async Task MergeAsync(
        RegisterDatabase database, IReadOnlyList<Guid> ids, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from intake.waiting where submission_id = any(@ids);
            update intake.submission
            set state = 'merged', merged_at = received_at + interval '2 seconds', changed_at = @now, batch_no = 1,
              rows_inserted = record_count - 1, rows_updated = 1, rows_unchanged = 0, rows_deleted = 0
            where submission_id = any(@ids)
            """,
            new { ids = ids.ToArray(), now },
            cancellationToken: cancellation));
    }

    private static async Task SetAsideAsync(
        RegisterDatabase database, Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into intake.set_aside
              (set_aside_id, submission_id, lane_id, lane_sequence, cause_type, cause_code, set_aside_at)
            select @setAsideId, submission_id, lane_id, lane_sequence, 'database', '53300', @now
            from intake.waiting where submission_id = @id;
            delete from intake.waiting where submission_id = @id;
            update intake.submission set state = 'set_aside', changed_at = @now where submission_id = @id
            """,
            new { setAsideId = Guid.CreateVersion7(), id, now },
            cancellationToken: cancellation));
    }

    // Stands in for the worker that watches feeds: it wants weeks of hours to know a rhythm by.
    private static async Task QuietenAsync(
        RegisterDatabase database, MessageType type, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into intake.silence (
              silence_id, unit, message_type, is_silent, since, found_at, expected, got, chance)
            values (gen_random_uuid(), @silent, @type, true, @since, @now, 1200.4, 0, 0.000003),
              (gen_random_uuid(), @quiet, @type, false, @since, @now, 830.6, 212, 0.0004)
            """,
            new { silent = $"{SilentUnit}", quiet = $"{QuietUnit}", type = type.Name, since = now.AddDays(-3), now },
            cancellationToken: cancellation));
    }

    // 31x xxx xxx is the range of synthetic organisations.
    private static OrganizationNumber Number(int first) =>
        Enumerable.Range(first, 20)
            .Select(digits => OrganizationNumber.TryParse(digits.ToString(), null, out var number) ? number : default)
            .First(number => number != default);
}
