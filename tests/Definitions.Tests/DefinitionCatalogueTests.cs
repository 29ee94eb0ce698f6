using Kilde.Definitions.Compiling;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

public class DefinitionCatalogueTests
{
    private static readonly string Folder = Repository.At("definitions");

    [Fact]
    public void The_definitions_in_the_repository_have_no_mistakes() =>
        DefinitionChecker.Check(Folder).Mistakes.ShouldBeEmpty();

    [Fact]
    public void Every_type_is_found_by_name_and_version()
    {
        var catalogue = DefinitionCatalogue.Load(Folder);

        catalogue.MessageTypes.Select(type => type.ToString())
            .ShouldBe(
            [
                "Basismelding 1", "HST_Avtale 1", "HST_Konsultasjon 1", "KTT_Tjeneste 1", "TANN_Behandling 1",
                "KUHR_Behandlerkrav 1", "KUHR_Uttrekk 1", "PERSONSKADE 1", "KOHD_Opphold 1", "FREG_Person 1",
                "Reservasjon 1",
                "KPR_HST 56.0.0", "KPR_IPL 53.1.3", "KPR_IPL 56.0.0", "KPR_IPLOS 3.7",
                "NPR_IDE 53.1.3", "NPR_KPP 53.1.3", "NPR_KPP 58.0.1", "NPR_ORD 53.1.3", "NPR_PAK 53.1.3",
                "NPR_PRE 53.1.3", "NPR_RAD 53.1.3", "NPR_STR 53.1.3",
            ], ignoreOrder: true);
        catalogue.Find("HST_Konsultasjon", "1").ShouldNotBeNull().RecordTypes.ShouldHaveSingleItem()
            .Table.ShouldBe("hst_konsultasjon");
        catalogue.Find("HST_Konsultasjon", "2").ShouldBeNull();
    }

    [Fact]
    public void A_folder_without_definitions_is_a_mistake_that_says_so() =>
        Should.Throw<DefinitionException>(() => DefinitionCatalogue.Load(Path.GetTempPath()))
            .Mistakes.ShouldHaveSingleItem().Id.ShouldBe("DEF-001");
}
