using Kilde.Kernel;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests.Checks;

/// <summary>
/// The services of a case (ipl 53.1.3, IplosSak) are one record, and what is found of each is its own.
/// </summary>
public sealed class CaseServiceTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("964338531");

    [Fact]
    public async Task Each_service_of_a_case_keeps_its_own_finding_from_file_to_file()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        await register.TakeInYearAsync(Sender, Year(Service("T1", "8") + Service("T2", "17")));
        await register.FollowAllAsync();
        var first = await StandingAsync(register);

        await register.TakeInYearAsync(Sender, Year(Service("T2", "17") + Service("T1", "8", Sender.ToString())));
        await register.FollowAllAsync();
        var then = await StandingAsync(register);

        first.Select(finding => finding.LocalId).ShouldBe(["0301|1|T1", "0301|1|T2"]);
        then.ShouldHaveSingleItem().ShouldBe(first[1]);
    }

    private static async Task<IReadOnlyList<(string LocalId, Guid Id)>> StandingAsync(CheckedRegister register) =>
        await register.QueryAsync<(string, Guid)>(
            """
            select local_id, finding_id from quality.finding
            where check_id = 'KPR-OMS-005' and closed_at is null order by local_id
            """);

    // A service that is given, and that has to say where unless it does.
    private static string Service(string id, string kind, string? provider = null) =>
        $"""
        <IverksattTjeneste tjenesteID="{id}" tjenestetype="{kind}" faktiskStartDato="2019-02-01"
          {(provider is null ? "" : $"orgUtforer=\"{provider}\"")}/>
        """;

    private static string Year(string services) =>
        $"""
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ipl" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-10" leverandor="L" navnEPJ="E"
          versjonEPJ="1" versjonUt="1" lopenr="1">
          <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
          <Kommune virksomhetID="0301"><Objektholder pasientNr="11">
            <IplosSak sakID="1"><Iverksatt>{services}</Iverksatt></IplosSak>
          </Objektholder></Kommune>
        </Melding>
        """;
}
