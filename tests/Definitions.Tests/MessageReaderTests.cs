using System.Text;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

public class MessageReaderTests
{
    [Fact]
    public void A_sound_message_becomes_columns_and_persons()
    {
        var content = Kit.Consultations.Read("""
            [{"orgNr":310211036,"kommuneNr":301,"bydelNr":"12",
              "slettKonsultasjon":[
                {"konsultasjonId":"K-0","erSlettet":true},{"konsultasjonId":"K-1","erSlettet":false}],
              "konsultasjon":[{"konsultasjonId":"K-1","datoTid":"2026-03-02T09:15:00.1234567+01:00","tjenesteType":1,
                "konsultasjonType":"6M","erHjemmebesok":2,"ammeStatus":1,"kommunikasjonsform":"1","profesjonstype":"28",
                "person":{"personId":"P-1","fodselsNr":1810149732},
                "helseperson":[{"ansvarligProfesjonstype":28,"hprNr":9144889},{"hprNr":"000000007"}],
                "hoydeMaaling":{"dato":"2026-03-01T23:30:00Z","hoyde":67.50},
                "avdeling":{"lokalenhetId":"HS-03","lokalNavn":"Sentrum \u00f8st"}}]}]
            """);

        content.Told().ShouldBeEmpty();
        content.IsAccepted.ShouldBeTrue();
        var batch = content.Batches.ShouldHaveSingleItem();
        batch.Count.ShouldBe(1);
        batch.LocalIds.ShouldBe(["K-1"]);
        batch.DeletedLocalIds.ShouldBe(["K-0"]);
        batch.Units.ShouldBe([OrganizationNumber.Parse("310211036")]);
        batch.Persons[0].Primary.Reveal().ShouldBe("01810149732");
        batch.Persons[0].LocalId.ShouldBe("P-1");
        batch.Column<string>("kommune_nr").ShouldBe(["0301"]);
        batch.Column<string>("bydel_nr").ShouldBe(["030112"]);
        batch.Column<DateTimeOffset>("dato_tid")[0].ToString("O").ShouldBe("2026-03-02T08:15:00.1234560+00:00");
        batch.Column<string>("helseperson")[0]
            .ShouldBe("""[{"hprNr":9144889,"ansvarligProfesjonstype":"28"},{"hprNr":7}]""");
        batch.Column<DateOnly>("hoyde_dato").ShouldBe([new DateOnly(2026, 3, 2)]);
        batch.Column<decimal>("hoyde_cm")[0].ToString().ShouldBe("67.5");
        batch.Column<string>("avdeling_lokal_navn").ShouldBe(["Sentrum øst"]);
        batch.Vector("sprak").IsNull(0).ShouldBeTrue();
        batch.Vector("tjeneste_type").IsNull(0).ShouldBeFalse();
    }

    [Fact]
    public void A_unit_that_stands_after_its_records_still_belongs_to_them()
    {
        var content = Kit.Consultations.Read(
            $$"""[{"konsultasjon":[{{Kit.Consultation()}}],"kommuneNr":"0301","orgNr":"310211036"}]""");

        var batch = content.Batches.ShouldHaveSingleItem();
        batch.Units[0].ToString().ShouldBe("310211036");
        batch.Column<string>("kommune_nr").ShouldBe(["0301"]);
    }

    [Fact]
    public void The_real_appointment_message_fails_only_on_its_random_values()
    {
        var json = File.ReadAllBytes(Repository.Oracle("samples", "hst_avtale.json"));

        Kit.Appointments.Read(json, Kit.Options).Told().Order().ShouldBe([
            "COD-001 /0/avtale/0/konsultasjonType",
            "COD-003 /0/kommuneNr",
            "COD-004 /0/bydelNr",
            "IDE-001 /0/avtale/0/person/dNr",
            "IDE-001 /0/avtale/0/person/dufNr",
            "IDE-001 /0/avtale/0/person/fodselsNr",
            "IDE-006 /0/avtale/0/person",
            "INN-010 /0/orgNr",
        ]);
    }

    [Fact]
    public void A_message_of_no_changes_is_sound()
    {
        Kit.Consultations.Read("[]").IsAccepted.ShouldBeTrue();
        Kit.Consultations.Read("""[{"orgNr":310211036,"konsultasjon":[]}]""").Told().ShouldBeEmpty();
    }

    [Fact]
    public void Arrays_hold_one_value_for_each_element()
    {
        var content = Kit.Basics.Read("""
            [{"orgNr":310211036,"kontakt":[{"kontaktId":"B-1","underenhetOrgNr":312701103,
              "startTid":"2026-03-02T09:15:00+01:00","sluttTid":"2026-03-02T09:45:00+01:00","kontaktform":"1",
              "tjenesteomrade":"HST","finansiering":"O","person":{"fodselsNr":"01810149732"},
              "helsepersonell":[{"hprNr":9144889},{"hprNr":7}]}]}]
            """);

        content.Told().ShouldBeEmpty();
        content.Batches[0].Column<long[]>("hpr_nr")[0].ShouldBe([9144889, 7]);
    }

    [Fact]
    public void A_reader_forgets_the_message_before()
    {
        Kit.Consultations.Read(Kit.Block(Kit.Consultation("sprak", "\"so\"")));

        var content = Kit.Consultations.Read(Kit.Block(Kit.Consultation("person", """{"personId":"P-2"}""")));

        content.Batches[0].Vector("sprak").IsNull(0).ShouldBeTrue();
        content.Batches[0].Persons[0].HasIdentifier.ShouldBeFalse();
        content.Told().ShouldBe(["IDE-006 /0/konsultasjon/0/person"]);
    }

    [Fact]
    public void A_mark_before_the_text_is_told_and_forgiven()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Kit.Block(Kit.Consultation()))];

        var content = Kit.Consultations.Read(json, Kit.Options);

        content.Told().ShouldBe(["STR-003 "]);
        content.IsAccepted.ShouldBeTrue();
    }
}
