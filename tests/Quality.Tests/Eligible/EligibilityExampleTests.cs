using System.Text.Json.Nodes;
using Kilde.Definitions;
using Kilde.Quality.Eligible;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using Shouldly;

namespace Kilde.Quality.Tests.Eligible;

/// <summary>Every example of which records are used in statistics, judged as the register's rows would be.</summary>
public sealed class EligibilityExampleTests(ExampleDatabase database) : IClassFixture<ExampleDatabase>
{
    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    public static IEnumerable<TheoryDataRow<string, string>> Examples =>
        from eligibility in Catalogue.Eligibilities
        from example in eligibility.Examples
        select new TheoryDataRow<string, string>(eligibility.Id, example.Title);

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Each_record_is_left_out_by_the_rules_its_example_says(string id, string title)
    {
        var eligibility = Catalogue.Eligibilities.Single(each => each.Id == id);
        var example = eligibility.Examples.Single(each => each.Title == title);

        var judged = (await database.QueryAsync(
            EligibilitySql.Judged(eligibility, ExampleDatabase.RowsOf), example.Rows))
            .ToDictionary(row => $"{row["record_key"]}");

        judged.Count.ShouldBe(example.Judges.Count);
        foreach (var expected in example.Judges)
        {
            var actual = judged[$"{expected["record_key"]}"];
            foreach (var (column, value) in expected)
                JsonNode.DeepEquals(actual[column], value).ShouldBeTrue($"{column} of {actual.ToJsonString()}");
        }
    }

    [Fact]
    public void Each_rule_leaves_a_record_of_an_example_out()
    {
        foreach (var eligibility in Catalogue.Eligibilities)
        {
            var used = eligibility.Examples.SelectMany(example => example.Judges)
                .SelectMany(row => row["rules"]!.AsArray()).Select(rule => $"{rule}");
            eligibility.Rules.Select(rule => rule.Id).Except(used).ShouldBeEmpty();
        }
    }
}
