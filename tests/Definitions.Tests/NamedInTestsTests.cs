using System.Text.RegularExpressions;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

/// <summary>Whatever can be told of a definition or a message, some test has seen told.</summary>
public partial class NamedInTestsTests
{
    [Fact]
    public void Each_id_that_can_be_told_is_named_in_a_test()
    {
        var told = Ids("src/Definitions", Written);
        var named = Ids("tests", Anywhere);

        told.Count.ShouldBeGreaterThan(90);
        told.Except(named).ShouldBeEmpty();
    }

    private static HashSet<string> Ids(string folder, Regex id) =>
        [.. Repository.Files(folder, "*.cs").SelectMany(file => id.Matches(File.ReadAllText(file))).Select(IdOf)];

    private static string IdOf(Match match) => match.Value.Trim('"');

    // Each stands as a text of its own in the code.
    [GeneratedRegex("\"(DEF|STR|COD|INN|IDE)-[0-9]{3}\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Written { get; }

    [GeneratedRegex(@"\b(DEF|STR|COD|INN|IDE)-[0-9]{3}\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Anywhere { get; }
}
