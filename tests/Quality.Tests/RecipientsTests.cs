using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Documents;
using Kilde.Quality.Tests.Kit;

namespace Kilde.Quality.Tests;

public class RecipientsTests
{
    [Theory]
    [InlineData(FeedbackKind.NprVal, null, "1 15")]
    [InlineData(FeedbackKind.NprErr, null, "1 15")]
    [InlineData(FeedbackKind.Identity, null, "1")]
    [InlineData(FeedbackKind.Activity, Sector.Somatic, "2 1")]
    [InlineData(FeedbackKind.Activity, Sector.AdultMentalHealth, "3 1")]
    [InlineData(FeedbackKind.Activity, Sector.ChildMentalHealth, "4 1")]
    [InlineData(FeedbackKind.Activity, Sector.Addiction, "3 1")]
    public void Of_all_five_types_only_the_right_ones_get_it(FeedbackKind kind, Sector? sector, string types)
    {
        var recipients = Recipients.Of(kind, sector, RegisterCode.Npr, Cases.AllContacts);

        string.Join(' ', recipients.Select(recipient => (int)recipient.Type)).ShouldBe(types);
        recipients.ShouldAllBe(recipient => recipient.Hindrance == null);
    }

    [Fact]
    public void Somatic_activity_never_goes_to_psychiatry_alone() =>
        Recipients.Of(FeedbackKind.Activity, Sector.Somatic, RegisterCode.Npr, [Cases.MentalContact])
            .ShouldAllBe(recipient => recipient.Hindrance == Hindrance.NoContact);

    [Fact]
    public void A_person_of_two_types_gets_it_once() =>
        Recipients
            .Of(
                FeedbackKind.NprErr, null, RegisterCode.Npr,
                [Cases.Producer, Cases.Producer with { Type = ContactType.Vendor }])
            .ShouldHaveSingleItem();

    [Fact]
    public void Several_persons_of_a_type_all_get_it() =>
        Recipients
            .Of(
                FeedbackKind.Identity, null, RegisterCode.Npr,
                [Cases.Producer, Cases.Producer with { Email = "b@nordvika.example" }])
            .Count.ShouldBe(2);

    [Fact]
    public void A_municipality_is_told_through_the_contacts_it_names()
    {
        var municipal = Cases.Producer with { Type = ContactType.Municipal };

        Recipients.Of(FeedbackKind.NprErr, null, RegisterCode.Kpr, [municipal, Cases.SomaticContact])
            .ShouldHaveSingleItem().Hindrance.ShouldBeNull();
        Recipients.Of(FeedbackKind.NprVal, null, RegisterCode.Kpr, []).ShouldHaveSingleItem()
            .ShouldBe(new Recipient(ContactType.Municipal, null, Hindrance.NoContact));
    }

    [Theory]
    [InlineData("+47 912 34 567", "+4791234567")]
    [InlineData("004740000000", "+4740000000")]
    [InlineData("9 8 7 6 5 4 3 2", "+4798765432")]
    [InlineData("22334455", null)]
    [InlineData("+46 701234567", null)]
    [InlineData("9876543", null)]
    [InlineData("987654321", null)]
    [InlineData("९8765432", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Only_Norwegian_mobile_numbers_can_get_a_password(string? written, string? expected) =>
        NorwegianMobile.Normalise(written).ShouldBe(expected);

    [Theory]
    [InlineData("a@b.no", "a@b.no")]
    [InlineData(" a@b.no ", "a@b.no")]
    [InlineData("a@b.no,c@d.no", null)]
    [InlineData("a@b.no\r\nBcc: c@d.no", null)]
    [InlineData("Ola <a@b.no>", null)]
    [InlineData("a@localhost", null)]
    [InlineData("a", null)]
    [InlineData(null, null)]
    public void An_address_is_one_address(string? written, string? expected) =>
        (Cases.Producer with { Email = written }).UsableEmail.ShouldBe(expected);

    [Fact]
    public void A_contact_does_not_tell_who_it_is() => Cases.Producer.ToString().ShouldBe("*** (Production)");

    [Fact]
    public void A_receipt_warns_of_what_cannot_be_delivered()
    {
        Deliverability.Check(RegisterCode.Npr, Cases.AllContacts).ShouldBeEmpty();
        Deliverability.Check(RegisterCode.Npr, []).Select(finding => finding.RuleId)
            .ShouldBe([Deliverability.NoContact, Deliverability.NoContact]);
        Deliverability
            .Check(
                RegisterCode.Npr,
                [Cases.Producer with { Mobile = "22334455" }, Cases.VendorContact with { Email = null }])
            .Select(finding => finding.RuleId).ShouldBe([Deliverability.NoMobile, Deliverability.NoEmail]);
        Deliverability
            .Check(RegisterCode.Npr, [Cases.Producer with { Mobile = null }, Cases.Producer, Cases.VendorContact])
            .ShouldBeEmpty();
        Deliverability.Check(RegisterCode.Kpr, [Cases.Producer with { Type = ContactType.Municipal }]).ShouldBeEmpty();
    }

    [Fact]
    public void A_receipt_warns_of_a_sectors_contact_that_activity_cannot_be_told_to()
    {
        ContactPerson[] unreached = [Cases.Producer, Cases.SomaticContact with { Mobile = "22334455" },
            Cases.MentalContact, Cases.ChildContact with { Email = null }, Cases.VendorContact];

        var found = Deliverability.Check(RegisterCode.Npr, unreached, Told("NPR_ORD", Sector.Somatic));

        found.Select(finding => finding.RuleId).ShouldBe([Deliverability.NoMobile, Deliverability.NoEmail]);
        found[0].Text.ShouldContain("2 «Somatikk»");
        found[1].Text.ShouldContain("4 «Psykisk helsevern for barn og unge»");
        Deliverability.Check(RegisterCode.Npr, unreached).ShouldBeEmpty();
    }

    [Fact]
    public void A_receipt_warns_of_a_sector_that_has_activity_and_no_contact()
    {
        ContactPerson[] named = [Cases.Producer, Cases.VendorContact];

        Deliverability.Check(RegisterCode.Npr, named, Told("NPR_ORD")).ShouldBeEmpty();
        var found = Deliverability.Check(
            RegisterCode.Npr, named, Told("NPR_ORD", Sector.AdultMentalHealth, Sector.Addiction));
        found.ShouldHaveSingleItem().RuleId.ShouldBe(Deliverability.NoContact);
        found[0].Text.ShouldContain("3 «Psykisk helsevern for voksne»");
        Deliverability.Check(RegisterCode.Npr, named, Told("NPR_RAD", Sector.Somatic))
            .ShouldHaveSingleItem().Text.ShouldContain("2 «Somatikk»");
        Deliverability.Check(RegisterCode.Npr, Cases.AllContacts, Told("NPR_ORD", Enum.GetValues<Sector>()))
            .ShouldBeEmpty();
    }

    private static ToldActivity? Told(string messageType, params Sector[] sectors) => ToldActivity.Of(
        TestForms.All.Find(messageType),
        [.. sectors.Select(sector => Cases.Activity.Activity[0] with { Sector = sector })]);
}
