using Kilde.EndToEnd.Tests.Kit;
using Kilde.Intake.Slash.Client;
using Kilde.Testing;

namespace Kilde.EndToEnd.Tests;

/// <summary>A new service area goes live by adding a file (R1.06, R2.07); nothing is compiled on the way.</summary>
public class NewTypeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_of_a_type_that_was_added_as_a_file_reaches_the_register()
    {
        var definitions = CopyDefinitions();
        await File.WriteAllTextAsync(
            Path.Combine(definitions.FullName, "messages", "frisklivstilbud-1.yaml"), Definition, Cancellation);
        await using var site = await KildeSite.StartAsync(
            Cancellation, new Dictionary<string, string> { ["Definitions:Folder"] = definitions.FullName });
        var sender = site.Senders[0];
        using var client = site.Connect(sender);
        var person = site.Norway.PersonsOf(sender.Unit, KildeSite.Day).First().Identifier.Reveal();
        var message =
            $$$"""
            [{"orgNr":{{{sender.Unit.Number}}},"tilbud":[
              {"tilbudId":"T-1","start":"{{{KildeSite.Day:yyyy-MM-dd}}}T09:00:00+01:00","minutter":45,
               "person":{"fodselsNr":"{{{person}}}"}}]}]
            """;

        var reply = await client.SendAsync(
            new OutgoingMessage("Frisklivstilbud", "1", System.Text.Encoding.UTF8.GetBytes(message), KildeSite.Day),
            Cancellation);

        reply.Answer.Delivered.ShouldBeTrue(string.Join('\n', reply.Answer.Errors));
        await site.WaitForAsync<long>(
            "select count(*) from register.frisklivstilbud where local_id = 'T-1' and minutter = 45",
            rows => rows == 1, Cancellation);
        var (exitCode, output) = await site.RunAsync(
            ["register", "show", "frisklivstilbud", $"{sender.Unit.Number}", "T-1", "--purpose", "Test"], Cancellation);
        exitCode.ShouldBe(0, output);
        output.ShouldContain("minutter");
        definitions.Delete(recursive: true);
    }

    private static DirectoryInfo CopyDefinitions()
    {
        var copy = Directory.CreateTempSubdirectory("kilde-definitions-");
        foreach (var file in Repository.Files("definitions", "*.yaml"))
        {
            var target = Path.Combine(copy.FullName, Path.GetRelativePath(Repository.At("definitions"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private const string Definition =
        """
        message: Frisklivstilbud
        version: '1'
        title: { nb: Deltakelse i frisklivstilbud }
        description: Oppmøte i kommunens frisklivstilbud.
        register: KPR
        serviceArea: FRI
        status: test
        dataYears: { from: 2020 }
        channel: slash
        format: json
        replacement: incremental
        unit:
          orgNr:
            title: Organisasjonsnummer
            type: organizationNumber
            required: true
            role: unit
            informationType: c
            purposes: [planning]
            justification: Virksomheten som har gitt tilbudet, må være kjent for å planlegge tjenesten.
        records:
          tilbud:
            title: Deltakelse
            table: frisklivstilbud
            contact: { serviceArea: FRI, funding: O }
            fields:
              tilbudId:
                title: Avsenderens id for deltakelsen
                type: text
                length: 1..50
                use: localId
                required: true
                role: key
                informationType: c
                purposes: [planning]
                justification: Uten avsenderens id kan en rettet deltakelse ikke finnes igjen og telles én gang.
              start:
                title: Tidspunkt
                type: dateTime
                required: true
                role: contact.start
                informationType: c
                purposes: [planning]
                justification: Tidspunktet plasserer aktiviteten i dataår og viser hvordan tilbudet brukes.
              minutter:
                title: Varighet i minutter
                type: integer
                range: 1..600
                informationType: c
                purposes: [planning]
                justification: Varigheten viser hvor mye tid tilbudet krever og trengs for å planlegge bemanning.
              person:
                title: Person
                type: person
                required: true
                informationType: a
                purposes: [planning]
                justification: Personen må være entydig for å telle deltakere og ikke bare deltakelser.
                fields:
                  fodselsNr:
                    title: Fødselsnummer
                    type: fodselsnummer
        """;
}
