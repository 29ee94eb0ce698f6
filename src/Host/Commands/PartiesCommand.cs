using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kilde.Audit;
using Kilde.Intake.Headers;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using Npgsql;
using Spectre.Console;

namespace Kilde.Host.Commands;

/// <summary>Who is who on the message bus, and which certificates count.</summary>
internal static class PartiesCommand
{
    private const int DaysUsual = 730;
    private const string PassphraseVariable = "KILDE_KEY_PASSPHRASE";

    private static readonly Argument<string> Her = new("her-id") { Description = "The party's HER-id." };

    private static readonly Option<CertificateUsage> Usage = new("--usage")
    {
        Description = "What the certificate is for: sign or encrypt.",
        Required = true,
    };

    private static readonly Option<string?> Case = new("--case") { Description = "Case reference, if there is one." };

    public static Command Create() => new("parties", """
        Parties of the message bus, and their certificates.

        Examples:
          kilde parties list
          kilde parties add 8150001 --name "Testsund sykehus" --unit 312345679
        """)
    {
        List(), Add(), Certificate(), Make(), Revoke(),
    };

    private static Command List()
    {
        var command = new Command("list", """
            Lists the parties, ours and theirs.

            Example:
              kilde parties list
            """);
        command.SetAction((_, cancellation) => WithServices.RunAsync(async services =>
        {
            var register = services.GetRequiredService<PartyRegister>();
            var table = new Table().Border(TableBorder.Minimal)
                .AddColumns("HER-id", "Name", "Part of", "Unit", "Counts", "Signs until", "Decrypts until");
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            foreach (var party in await register.ListAsync(cancellation))
            {
                var found = await register.FindAsync(party.HerId, cancellation);
                string Until(CertificateUsage usage) =>
                    found?.Current(usage, now) is { } current ? NorwegianTime.Told(current.ValidTo) : "–";
                table.AddRow(
                    $"{party.HerId}", Markup.Escape(party.Name), $"{party.Parent}",
                    party.IsOwn ? "ours" : $"{party.Unit}", LifeOf(party), Until(CertificateUsage.Sign),
                    Until(CertificateUsage.Encrypt));
            }

            AnsiConsole.Write(table);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Add()
    {
        var name = new Option<string>("--name") { Description = "The party's name.", Required = true };
        var parent = new Option<string?>("--parent") { Description = "HER-id of the organisation it is a part of." };
        var unit = new Option<OrganizationNumber?>("--unit")
        {
            Description = "Organisation number of the unit it sends for.", CustomParser = UnitNumber.Parse,
        };
        var own = new Option<bool>("--own") { Description = "It is a mailbox of ours." };
        var receipts = new Option<string>("--receipts")
        {
            Description = "Version of AppRec it is answered in: 1.0 or 1.1.",
            DefaultValueFactory = _ => "1.0",
        };
        receipts.AcceptOnlyFromAmong("1.0", "1.1");
        var from = new Option<DateTimeOffset?>("--from")
        {
            Description = "The moment its address begins to count. Always has, when left out.",
        };
        var to = new Option<DateTimeOffset?>("--to")
        {
            Description = "The moment its address counts no longer. No end, when left out.",
        };
        var command = new Command("add", """
            Registers a party, or what has changed about one.

            Examples:
              kilde parties add 8150001 --name "Testsund sykehus" --unit 312345679
              kilde parties add 94378 --name "Norsk pasientregister" --own --parent 85217
              kilde parties add 8150001 --name "Testsund" --unit 312345679 --to 2027-03-12T00:00:00+01:00
            """)
        { Her, name, parent, unit, own, receipts, from, to, Case };
        command.SetAction((call, cancellation) => ActAsync(call, async (services, her) =>
        {
            if (call.GetValue(unit) is null && !call.GetValue(own))
                return "A party of others sends for a unit: give --unit.";
            HerId? above = call.GetValue(parent) is { } text ? HerId.Parse(text) : null;
            await services.GetRequiredService<RegisterParty>().RegisterAsync(
                new Party(
                    her, call.GetRequiredValue(name), above, call.GetValue(unit), call.GetValue(own),
                    call.GetValue(receipts) == "1.1" ? AppRecVersion.V11 : AppRecVersion.V10,
                    call.GetValue(from), call.GetValue(to)),
                GroundOf(call), cancellation);
            return null;
        }));
        return command;
    }

    private static string LifeOf(Party party) => (party.ValidFrom, party.ValidTo) switch
    {
        (null, null) => "always",
        ({ } from, null) => $"from {NorwegianTime.Told(from)}",
        (null, { } to) => $"until {NorwegianTime.Told(to)}",
        ({ } from, { } to) => $"{NorwegianTime.Told(from)} – {NorwegianTime.Told(to)}",
    };

    private static Command Certificate()
    {
        var file = new Option<FileInfo>("--file")
        {
            Description = "The certificate, PEM or DER, without private key.", Required = true,
        };
        var key = new Option<FileInfo?>("--key")
        {
            Description = "Its private key, PEM, for a mailbox of ours. It is taken into the key store.",
        };
        var passphrase = new Option<FileInfo?>("--passphrase-file")
        {
            Description = $"File with the key's passphrase. {PassphraseVariable} in the environment, when left out.",
        };
        var from = new Option<DateTimeOffset?>("--from")
        {
            Description = "The moment it begins to count, and the one before ends. Now when left out.",
        };
        var command = new Command("certificate", """
            Registers a party's certificate. From then on the one before counts no longer, save ours for decryption.

            Examples:
              kilde parties certificate 8150001 --usage sign --file testsund.pem --from 2027-03-12T00:00:00+01:00
              kilde parties certificate 94378 --usage encrypt --file issued.pem --key issued.key
            """)
        { Her, Usage, file, key, passphrase, from, Case };
        command.SetAction((call, cancellation) => ActAsync(call, async (services, her) =>
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(call.GetRequiredValue(file).FullName);
            using var pair = call.GetValue(key) is { } pem
                ? await ReadKeyAsync(pem, call.GetValue(passphrase), cancellation)
                : null;
            var (use, usage, start) = (
                services.GetRequiredService<RegisterCertificate>(), call.GetValue(Usage), call.GetValue(from));
            if (pair is null && await services.GetRequiredService<PartyRegister>().FindAsync(her, cancellation)
                is { Party.IsOwn: true })
                return "The party is a mailbox of ours: give the certificate's private key, --key.";
            var registered = pair is null
                ? await use.RegisterAsync(her, usage, certificate, start, to: null, GroundOf(call), cancellation)
                : await use.RegisterOwnAsync(her, usage, certificate, pair, start, GroundOf(call), cancellation);
            Console.WriteLine(
                $"Counts from {NorwegianTime.Told(registered.ValidFrom)} to {NorwegianTime.Told(registered.ValidTo)}: "
                + RegisterCertificate.ThumbprintOf(certificate));
            return null;
        }));
        return command;
    }

    // Never an argument: what is on the command line, others on the machine can read.
    private static async Task<RSA> ReadKeyAsync(FileInfo pem, FileInfo? passphrase, CancellationToken cancellation)
    {
        var words = passphrase is null
            ? Environment.GetEnvironmentVariable(PassphraseVariable)
            : (await File.ReadAllTextAsync(passphrase.FullName, cancellation)).TrimEnd('\r', '\n');
        return PrivateKeyPem.Read(await File.ReadAllTextAsync(pem.FullName, cancellation), words);
    }

    private static Command Make()
    {
        var days = new Option<int>("--days")
        {
            Description = "Days it is to last, 1 to 3650.", DefaultValueFactory = _ => DaysUsual,
        };
        var output = new Option<FileInfo?>("--out") { Description = "Where to write the certificate, as PEM." };
        var command = new Command("make-certificate", """
            Makes a key pair and a certificate for a mailbox of ours; the private key stays in the key store.

            Example:
              kilde parties make-certificate 94378 --usage encrypt --out npr.pem
            """)
        { Her, Usage, days, output, Case };
        command.SetAction((call, cancellation) => ActAsync(call, async (services, her) =>
        {
            if (call.GetValue(days) is < 1 or > 3_650) return "--days is a number from 1 to 3650.";
            if (await services.GetRequiredService<PartyRegister>().FindAsync(her, cancellation)
                is not { Party.IsOwn: true })
                return "Only a mailbox of ours gets a certificate here.";
            var made = await services.GetRequiredService<RegisterCertificate>().MakeOwnAsync(
                her, call.GetValue(Usage), TimeSpan.FromDays(call.GetValue(days)), GroundOf(call), cancellation);
            var pem = made.Certificate.ExportCertificatePem();
            if (call.GetValue(output) is { } path) await File.WriteAllTextAsync(path.FullName, pem, cancellation);
            else Console.WriteLine(pem);
            return null;
        }));
        return command;
    }

    private static Command Revoke()
    {
        var thumbprint = new Option<string>("--thumbprint")
        {
            Description = "SHA-256 of the certificate, in hexadecimal.", Required = true,
        };
        var command = new Command("revoke", """
            Makes a certificate count for nothing from now on.

            Example:
              kilde parties revoke 8150001 --thumbprint 0f3c…
            """)
        { Her, thumbprint, Case };
        command.SetAction((call, cancellation) => ActAsync(call, async (services, her) =>
            await services.GetRequiredService<RegisterCertificate>().RevokeAsync(
                her, call.GetRequiredValue(thumbprint), GroundOf(call), cancellation)
                ? null
                : "The party has no such certificate."));
        return command;
    }

    private static AccessGround GroundOf(ParseResult call) =>
        new(CommandActor.Current, "Forvaltning av parter på meldingsbussen", call.GetValue(Case));

    /// <param name="actAsync">Answers what is wrong with the call, or null.</param>
    private static Task<int> ActAsync(ParseResult call, Func<IServiceProvider, HerId, Task<string?>> actAsync) =>
        WithServices.RunAsync(async services =>
        {
            string? mistake;
            try
            {
                mistake = HerId.TryParse(call.GetRequiredValue(Her), out var her)
                    ? await actAsync(services, her)
                    : $"'{call.GetRequiredValue(Her)}' is no HER-id.";
            }
            catch (Exception wrong) when (
                wrong is ArgumentException or FormatException or CryptographicException)
            {
                mistake = wrong.Message;
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                mistake = "The party, or the organisation it is a part of, is not registered.";
            }

            if (mistake is null) return ExitCodes.Done;
            return await ExitCodes.RefuseAsync(mistake);
        });
}
