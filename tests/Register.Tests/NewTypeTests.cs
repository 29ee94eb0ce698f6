using Dapper;
using Kilde.Kernel;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>Adding a message type is adding a file.</summary>
public class NewTypeTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("312701103");

    private const string Definition =
        """
        message: Prove_Rehabilitering
        version: '1'
        title:
          nb: Rehabiliteringsopphold
        description: En type som ingen kode kjenner.
        register: KPR
        serviceArea: BASIS
        status: test
        dataYears: { from: 2024 }
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
            justification: Virksomheten må være kjent for å sammenligne tjenestetilbudet.
        records:
          opphold:
            title: Opphold
            table: prove_opphold
            deletions: slettOpphold
            contact: { serviceArea: BASIS }
            fields:
              oppholdId:
                title: Avsenderens id for oppholdet
                type: text
                length: 1..100
                use: localId
                required: true
                role: key
                informationType: c
                purposes: [evaluation]
                justification: Uten avsenderens id kan et rettet opphold ikke finnes igjen.
                example: O-1
              innDato:
                title: Innskrivningsdato
                type: date
                required: true
                role: contact.start
                informationType: c
                purposes: [planning]
                justification: Datoen plasserer oppholdet i dataår.
              poeng:
                title: Funksjonspoeng ved innskrivning
                type: decimal
                range: 0..100
                decimals: 2
                informationType: d
                purposes: [evaluation]
                justification: Viser om oppholdet har hatt virkning.
                example: 12.5
              person:
                title: Brukeren
                type: person
                required: true
                informationType: a
                purposes: [evaluation]
                justification: Personen må være entydig kjent for at forløp skal kunne følges.
                fields:
                  fodselsNr:
                    title: Fødselsnummer
                    type: fodselsnummer
        """;

    private static string Message(string points) =>
        $$"""
        [{"orgNr":"312701103","opphold":[{"oppholdId":"O-7","innDato":"2026-02-14","poeng":{{points}},
          "person":{"fodselsNr":"15851900079"} }]}]
        """;

    [Fact]
    public async Task A_dropped_file_makes_a_type_that_is_taken_in_and_read_back()
    {
        using var definitions = new DefinitionCopy();
        definitions.Write("messages", "prove-rehabilitering-1.yaml", Definition);
        await using var register = await WholeRegister.StartAsync(postgres, definitions.Path);

        await register.TakeInAsync("Prove_Rehabilitering", Message("12.50"), Sender);
        var before = register.Clock.Now;
        register.Clock.Advance(TimeSpan.FromDays(1));
        await register.TakeInAsync("Prove_Rehabilitering", Message("13"), Sender);

        var history = await register.Reader.ReadHistoryAsync(
            "prove_opphold", Sender.ToString(), "O-7", WholeRegister.Ground, TestContext.Current.CancellationToken);
        history.Select(version => version.EndedBy).ShouldBe(["replaced", null]);
        history.Select(version => version.Values.Single(value => value.Key == "poeng").Value).ShouldBe([12.5m, 13m]);
        var then = await register.Reader.ReadAsOfAsync(
            "prove_opphold", $"{Sender}", "O-7", before, WholeRegister.Ground, TestContext.Current.CancellationToken);
        then!.Values.ShouldContain(new KeyValuePair<string, object?>("inn_dato", new DateOnly(2026, 2, 14)));
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(
            TestContext.Current.CancellationToken);
        (await connection.QuerySingleAsync<DateTimeOffset>("select started_at from register.contact"))
            .ShouldBe(new DateTimeOffset(2026, 2, 13, 23, 0, 0, TimeSpan.Zero));
    }
}
