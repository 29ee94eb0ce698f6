using Dapper;
using Kilde.Kernel;
using Kilde.Register.Contacts;
using Kilde.Register.Tables;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

public class RegisterReaderTests(PostgresServer postgres)
{
    private const string Table = "basis_kontakt";

    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("312701103");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_reading_is_in_the_audit_log_with_how_much_it_showed()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await register.TakeInAsync(
            "Basismelding", Message(Contact("B-1", "15851900079", 1), Contact("B-2", null, 2)), Sender);

        await register.Reader.ReadHistoryAsync(Table, $"{Sender}", "B-1", WholeRegister.Ground, Cancellation);
        await register.Reader.ReadSenderAsOfAsync(
            Table, $"{Sender}", register.Clock.Now, null, 100, WholeRegister.Ground, Cancellation);

        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        var entries = await connection.QueryAsync<(string, int)>(
            "select action, count from audit.entry where action like 'register.read%'");
        entries.ShouldBe([("register.read_record", 1), ("register.read_sender", 2)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_deleted_record_is_gone_from_now_and_still_known_as_of_then()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await register.TakeInAsync("Basismelding", Message(Contact("B-1", "15851900079", 1)), Sender);
        var then = register.Clock.Now;
        register.Clock.Advance(TimeSpan.FromDays(1));
        await register.TakeInAsync("Basismelding", Deletion("B-1"), Sender);

        (await ReadAsOfAsync(register, register.Clock.Now)).ShouldBeNull();
        (await ReadAsOfAsync(register, then)).ShouldNotBeNull().EndedBy.ShouldBe("deleted");
        (await ReadAsOfAsync(register, then.AddSeconds(-1))).ShouldBeNull();
    }

    [Fact]
    public async Task Merged_and_split_persons_take_their_records_with_them_and_back()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await register.TakeInAsync(
            "Basismelding", Message(Contact("B-1", "15851900079", 1), Contact("B-2", "15851900230", 1)), Sender);
        var one = (await ReadAsOfAsync(register, register.Clock.Now))!.Person;
        var other = (await ReadAsOfAsync(register, register.Clock.Now, "B-2"))!.Person;

        register.Clock.Advance(TimeSpan.FromHours(1));
        await register.Links.MergeAsync(other, one, WholeRegister.Ground, "Samme person", Cancellation);
        await register.Follow.FollowAsync(Cancellation);
        register.Clock.Advance(TimeSpan.FromHours(1));

        (await register.Reader.ReadPersonAsOfAsync(Table, one, register.Clock.Now, WholeRegister.Ground, Cancellation))
            .Select(version => version.LocalId).ShouldBe(["B-1", "B-2"], ignoreOrder: true);
        var claims = await register.Vault.FindAsync(
            [PersonIdentifier.Parse("15851900230")], Sender, WholeRegister.Ground, Cancellation);
        var split = await register.Links.SplitAsync(
            [claims[0]!.Value.IdentifierKey], WholeRegister.Ground, "Feil sammenslåing", Cancellation);
        await register.Follow.FollowAsync(Cancellation);
        (await ReadAsOfAsync(register, register.Clock.Now, "B-2"))!.Person.ShouldBe(split);
        (await ReadAsOfAsync(register, register.Clock.Now))!.Person.ShouldBe(one);
    }

    [Fact]
    public async Task A_table_without_a_definition_is_refused() =>
        await Should.ThrowAsync<InvalidRecordTableException>(async () =>
        {
            await using var register = await WholeRegister.StartAsync(postgres);
            await register.Reader.ReadHistoryAsync("batch", $"{Sender}", "1", WholeRegister.Ground, Cancellation);
        });

    [Fact]
    public async Task Volumes_count_activity_without_a_person_but_no_person_for_it()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await register.TakeInAsync(
            "Basismelding",
            Message(
                Contact("B-1", "15851900079", 9000001, 9000002), Contact("B-2", "15851900079", 9000001),
                Contact("B-3", "15851900230"), Contact("B-4", null, 9000003)),
            Sender);

        var count = new CountVolumes(register.Databases.Register);
        var volumes = await count.CountAsync(new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 28), Cancellation);
        var earlier = await count.CountAsync(new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31), Cancellation);

        volumes.ShouldBe([new CountVolumes.Volume("312701103", 3, 2, 4, 1)]);
        earlier.ShouldBeEmpty();
    }

    private static Task<Reading.RecordVersion?> ReadAsOfAsync(
        WholeRegister register, DateTimeOffset at, string localId = "B-1") =>
        register.Reader.ReadAsOfAsync(Table, $"{Sender}", localId, at, WholeRegister.Ground, Cancellation);

    private static string Message(params string[] contacts) =>
        $$"""[{"orgNr":"312701103","kontakt":[{{string.Join(",", contacts)}}]}]""";

    private static string Deletion(string id) =>
        $$"""[{"orgNr":"312701103","slettKontakt":[{"kontaktId":"{{id}}","erSlettet":true}]}]""";

    private static string Contact(string id, string? number, params int[] personnel)
    {
        var person = number is null ? """{"personId":"P-1"}""" : $$"""{"fodselsNr":"{{number}}"}""";
        var helpers = string.Join(",", personnel.Select(hpr => $$"""{"hprNr":{{hpr}}}"""));
        return $$"""
            {"kontaktId":"{{id}}","underenhetOrgNr":"312701103","startTid":"2026-02-03T10:00:00+01:00",
             "kontaktform":"1","tjenesteomrade":"HST","finansiering":"O","person":{{person}},
             "helsepersonell":[{{helpers}}]}
            """;
    }
}
