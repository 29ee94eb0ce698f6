using Dapper;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// Municipal files number what they tell within the person (IPLOS 3.7: pePeID and own id; ipl 53.1.3: sakID within
/// Objektholder). The same number of two persons is two records, and each keeps its own history.
/// </summary>
public class PersonScopedKeyTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_number_of_two_persons_is_two_records_of_iplos()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        var first = await TakeInAsync(register, Iplos(("11", "2019-02-01"), ("12", "2019-03-01")));
        var changed = await TakeInAsync(register, Iplos(("11", "2019-02-01"), ("12", "2019-04-01")));
        var gone = await TakeInAsync(register, Iplos(("12", "2019-04-01")));

        (first.Inserted, first.Updated, first.Deleted).ShouldBe((6, 0, 0));
        (changed.Inserted, changed.Updated, changed.Unchanged, changed.Deleted).ShouldBe((0, 1, 5, 0));
        (gone.Unchanged, gone.Deleted).ShouldBe((3, 3));
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QueryAsync<DateOnly>("select tj_fra_dato from register.iplos_tjeneste"))
            .ShouldBe([new DateOnly(2019, 4, 1)]);
        (await connection.QueryAsync<string>(
            "select ended_by from register.iplos_tjeneste_history order by until")).ShouldBe(["replaced", "gone"]);
    }

    [Fact]
    public async Task The_same_case_number_of_two_persons_is_two_cases_of_ipl()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        var first = await TakeInAsync(register, Ipl("11", "12"));
        var again = await TakeInAsync(register, Ipl("12", "11"));

        (first.Inserted, again.Unchanged, again.Inserted + again.Deleted).ShouldBe((2, 2, 0));
    }

    private static string Iplos(params (string Person, string From)[] persons) =>
        AnnualCareFile.Of(string.Concat(persons.Select(person => $"""
          <PERSON pePeID="{person.Person}"><peAlder>80</peAlder>
            <PERSONOPPL poPeID="{person.Person}" poPoID="1"><poHusstand>1</poHusstand></PERSONOPPL>
            <TJENESTE tjPeID="{person.Person}" tjTjID="1"><tjTjenType>21</tjTjenType>
              <tjFraDato>{person.From.Replace("-", "", StringComparison.Ordinal)}</tjFraDato></TJENESTE>
          </PERSON>
        """)));

    private static string Ipl(params string[] persons) =>
        $"""
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ipl" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-10" leverandor="L" navnEPJ="E"
          versjonEPJ="1" versjonUt="1" lopenr="1">
          <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
          <Kommune virksomhetID="974795930">{string.Concat(persons.Select(person =>
              $"<Objektholder pasientNr=\"{person}\"><IplosSak sakID=\"1\"/></Objektholder>"))}</Kommune>
        </Melding>
        """;

    private static Task<MergeOutcome> TakeInAsync(WholeRegister register, string message) =>
        register.TakeInXmlAsync(message, OrganizationNumber.Parse("974795930"), new DateOnly(2020, 1, 12));
}
