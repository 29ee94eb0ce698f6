using System.Net;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Rules;
using Kilde.Portal.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>The content rules as anyone sees them: the same list as <c>kilde definitions rules</c>.</summary>
[Collection(nameof(PortalSite))]
public class RulePageTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<ListedRule> All =>
        ListedRule.Of(site.Services.GetRequiredService<DefinitionCatalogue>().RuleSets);

    [Fact]
    public async Task Every_rule_is_listed_and_has_a_page()
    {
        using var client = await site.ClientAsync();

        var html = await client.GetStringAsync("/meldingstyper/regler", Cancellation);

        All.Count.ShouldBeGreaterThan(100);
        foreach (var listed in All)
        {
            html.ShouldContain($"href=\"/meldingstyper/regler/{listed.Rule.Id}\"");
            var page = WebUtility.HtmlDecode(
                await client.GetStringAsync($"/meldingstyper/regler/{listed.Rule.Id}", Cancellation));
            page.ShouldContain(listed.Rule.Text.Nb);
            page.ShouldContain(listed.Rule.Expected.En!);
            foreach (var value in listed.Rule.FailingExamples.SelectMany(example => example))
                page.ShouldContain(value.Value, customMessage: listed.Rule.Id);
        }
    }

    [Fact]
    public async Task Every_rule_of_the_reading_is_listed_and_explained_in_each_language()
    {
        using var client = await site.ClientAsync();

        var html = await client.GetStringAsync("/meldingstyper/regler", Cancellation);
        foreach (var rule in ReadingRules.All)
        {
            html.ShouldContain($"href=\"/meldingstyper/regler/{rule.Id}\"");
            WebUtility.HtmlDecode(await client.GetStringAsync($"/meldingstyper/regler/{rule.Id}", Cancellation))
                .ShouldContain(Texts.In("nb")[$"reading.{rule.Id}"]);
        }

        foreach (var (language, _) in Texts.Languages)
        {
            Texts.In(language).Keys.Where(key => key.StartsWith("reading.", StringComparison.Ordinal))
                .ShouldBe(ReadingRules.All.Select(rule => $"reading.{rule.Id}"), ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("STR-001", "Meldingen avvises.")]
    [InlineData("COD-001", "Det følger av opplysningen")]
    [InlineData("IDE-006", "Meldingen tas imot.")]
    public async Task A_rule_of_the_reading_tells_what_happens(string id, string words)
    {
        using var client = await site.ClientAsync();

        WebUtility.HtmlDecode(await client.GetStringAsync($"/meldingstyper/regler/{id}", Cancellation))
            .ShouldContain(words);
    }

    [Theory]
    [InlineData("type=KPR_IPLOS", "KPR_IPLOS", null, null)]
    [InlineData("type=NPR_ORD&alvor=1&aar=2020", "NPR_ORD", RuleLevel.Error, 2020)]
    [InlineData("alvor=3", null, RuleLevel.Notice, null)]
    public async Task The_list_is_filtered_by_type_level_and_year(
        string query, string? type, RuleLevel? level, int? year)
    {
        using var client = await site.ClientAsync();

        var html = await client.GetStringAsync($"/meldingstyper/regler?{query}", Cancellation);

        foreach (var listed in All)
        {
            var isShown = (type is null || listed.TypeNames.Contains(type))
                && (level is null || listed.Rule.Level == level) && (year is null || listed.Rule.IsOfYear(year.Value));
            html.Contains($"regler/{listed.Rule.Id}\"", StringComparison.Ordinal).ShouldBe(isShown, listed.Rule.Id);
        }
    }

    [Fact]
    public async Task A_rule_that_is_not_there_is_not_found_and_a_year_that_is_none_is_told()
    {
        using var client = await site.ClientAsync();

        (await client.GetAsync("/meldingstyper/regler/NPR-EPI-999", Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.NotFound);
        (await client.GetStringAsync("/meldingstyper/regler?aar=i+fjor", Cancellation))
            .ShouldContain("Skriv et år");
    }
}
