using System.Net;
using System.Reflection;
using Kilde.Portal.Shell;
using Microsoft.AspNetCore.Components;

namespace Kilde.Portal.Tests;

/// <summary>An address may ask for anything; the page says what was wrong with it.</summary>
[Collection(nameof(PortalSite))]
public class AskedTests(PortalSite site)
{
    private const string UnknownUnit = "974760673";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/mottak?enhet=12", "enhet", "Skriv enhetens organisasjonsnummer")]
    [InlineData("/mottak?leverandor=12", "leverandor", "Leverandørens organisasjonsnummer")]
    [InlineData("/mottak?enhet=" + UnknownUnit, "enhet", "Ingen enhet er satt opp med dette nummeret.")]
    [InlineData("/tilbakemeldinger?enhet=12", "enhet", "Skriv enhetens organisasjonsnummer")]
    [InlineData("/tilbakemeldinger?enhet=" + UnknownUnit, "enhet", "Ingen enhet er satt opp med dette nummeret.")]
    [InlineData("/proving?leverandor=12", "leverandor", "Leverandørens organisasjonsnummer")]
    [InlineData("/kvalitet?ar=i+fjor", "ar", "Skriv et år fra 1980 til 2099.")]
    [InlineData("/meldingstyper/regler?aar=i+fjor", "aar", "Skriv et år fra 1980 til 2099.")]
    public async Task What_is_wrong_is_said_at_the_field_and_nothing_is_listed(string path, string field, string words)
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancellation));

        html.ShouldContain($"aria-invalid=\"true\" aria-describedby=\"{field}-feil\"");
        html.ShouldContain(words);
        if (field != "aar") html.ShouldNotContain("<tbody");
    }

    [Theory]
    [InlineData("fra=2026-03-02&til=2026-03-01", "til", "Den siste dagen er før den første.")]
    [InlineData("fra=i+dag", "fra", "Skriv en dag")]
    public async Task A_search_of_the_log_says_what_is_wrong_with_its_days(string days, string field, string words)
    {
        using var client = await site.ClientAsync(PortalSite.AuditorId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync($"/revisjon?{days}", Cancellation));

        html.ShouldContain($"aria-invalid=\"true\" aria-describedby=\"{field}-feil\"");
        html.ShouldContain(words);
        html.ShouldNotContain("role=\"rowheader\"");
    }

    [Theory]
    [InlineData("/mottak")]
    [InlineData("/tilbakemeldinger")]
    [InlineData("/tall")]
    [InlineData("/innsending")]
    public async Task Who_asks_for_another_unit_than_its_own_is_told_that_this_is_its_own(string path)
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);
        const string told = "Adressen gjelder ikke enheten din";

        foreach (var asked in (string[])["12", $"{SyntheticDay.OtherUnit}"])
            (await client.GetStringAsync($"{path}?enhet={asked}", Cancellation)).ShouldContain(told);

        (await client.GetStringAsync(path, Cancellation)).ShouldNotContain(told);
        (await client.GetStringAsync($"{path}?enhet={SyntheticDay.OwnUnit}", Cancellation)).ShouldNotContain(told);
    }

    [Fact]
    public async Task Who_asks_for_its_own_unit_sees_what_it_sees_without_asking()
    {
        using var client = await site.ClientAsync(PortalSite.OtherSenderId);

        foreach (var path in (string[])["/tilbakemeldinger", "/innsending", "/mottak", "/tall"])
        {
            var rows = (await client.GetStringAsync(path, Cancellation)).Split("<tr").Length;
            var asked = await client.GetStringAsync($"{path}?enhet={SyntheticDay.MunicipalUnit}", Cancellation);
            asked.Split("<tr").Length.ShouldBe(rows, path);
            asked.ShouldNotContain("class=\"kilde-status-code\"");
        }
    }

    [Fact]
    public async Task A_number_is_found_as_it_is_shown_in_groups()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        var grouped = Uri.EscapeDataString(Kernel.Norwegian.Grouped($"{SyntheticDay.OwnUnit}"));

        foreach (var path in (string[])["/mottak?enhet=", "/tilbakemeldinger?enhet=", "/avsendere?sok="])
            (await client.GetStringAsync(path + grouped, Cancellation)).ShouldContain("Nordvika", Case.Sensitive, path);
    }

    [Theory]
    [InlineData(PortalSite.StaffId, "/tall?aar=x")]
    [InlineData(PortalSite.SenderId, "/tall?aar=x")]
    [InlineData(PortalSite.SenderId, "/tall.csv?aar=x")]
    [InlineData(PortalSite.SenderId, "/innsending?aar=x")]
    [InlineData(PortalSite.SenderId, "/tilbakemeldinger?for=x")]
    [InlineData(PortalSite.StaffId, "/proving?for=x")]
    [InlineData(PortalSite.StaffId, "/funn/kontroll/KPR-OMS-001?for=x")]
    public async Task A_year_or_a_place_that_cannot_be_read_is_left_out(string user, string path)
    {
        using var client = await site.ClientAsync(user);

        (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Blazor answers with an error when what it binds to another type cannot be read.</summary>
    [Fact]
    public void A_page_takes_what_the_address_asks_for_as_text() =>
        typeof(Asked).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.NonPublic))
            .Where(property => property.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is not null
                && property.PropertyType != typeof(string))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").ShouldBeEmpty();
}
