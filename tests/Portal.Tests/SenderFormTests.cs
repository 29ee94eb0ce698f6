using Kilde.Portal.Senders;
using Kilde.Portal.Shell;

namespace Kilde.Portal.Tests;

public class SenderFormTests
{
    private static readonly string Unit = SyntheticDay.OwnUnit.ToString();
    private static readonly string Vendor = SyntheticDay.OtherUnit.ToString();

    private static readonly SenderForm Sound = new(
        Unit, "Nordvika helsestasjon", "", "", $"{Vendor} client-1\r\n{Vendor}", [new("HST_Avtale", "2026-01-01", "")]);

    [Fact]
    public void A_sound_form_is_a_configuration()
    {
        var sender = Sound.Parse(Texts.In("nb"), out var mistakes);

        mistakes.ShouldBeEmpty();
        sender!.Unit.ShouldBe(SyntheticDay.OwnUnit);
        sender.Vendors.Select(vendor => vendor.ClientId).ShouldBe(["client-1", null]);
        sender.Obligations.ShouldHaveSingleItem().FromOn.ShouldBe(new DateOnly(2026, 1, 1));
    }

    [Fact]
    public void What_is_stored_comes_back_as_it_was_typed()
    {
        var sender = Sound.Parse(Texts.In("nb"), out _)!;

        SenderForm.Of(sender).Parse(Texts.In("nb"), out var mistakes)!.Vendors.ShouldBe(sender.Vendors);

        mistakes.ShouldBeEmpty();
    }

    [Fact]
    public void Each_mistake_is_told_at_its_field()
    {
        Mistakes(Sound with { Unit = "123456789" }).ShouldBe(["enhet"]);
        Mistakes(Sound with { Name = "" }).ShouldBe(["navn"]);
        Mistakes(Sound with { Enterprise = "12" }).ShouldBe(["virksomhet"]);
        Mistakes(Sound with { SubUnits = Vendor }).ShouldBe(["underenheter"]);
        Mistakes(Sound with { Vendors = "Fjordjournal" }).ShouldBe(["leverandorer"]);
        Mistakes(Sound with { Obligations = [new("HST_Avtale", "i fjor", "")] }).ShouldBe(["plikter"]);
        Mistakes(Sound with { Obligations = [new("HST_Avtale", "2026-02-01", "2026-01-01")] }).ShouldBe(["plikter"]);
        Mistakes(Sound with { Unit = "", Name = "" }).ShouldBe(["enhet", "navn"]);
    }

    [Fact]
    public void Periods_of_one_type_may_follow_each_other_and_not_overlap()
    {
        Mistakes(Sound with { Obligations = [new("T", "2026-01-01", "31.01.2026"), new("T", "2026-02-01", "")] })
            .ShouldBeEmpty();
        Mistakes(Sound with { Obligations = [new("T", "2026-01-01", ""), new("T", "2026-02-01", "")] })
            .ShouldBe(["plikter"]);
    }

    private static IEnumerable<string> Mistakes(SenderForm form)
    {
        form.Parse(Texts.In("nb"), out var mistakes);
        return mistakes.Keys.Order();
    }
}
