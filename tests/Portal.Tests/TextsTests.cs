using System.Reflection;
using System.Text.RegularExpressions;
using Kilde.Kernel;
using Kilde.Portal.Shell;
using Kilde.Quality.Checks;
using Kilde.Quality.FollowUps;
using Kilde.Testing;

namespace Kilde.Portal.Tests;

/// <summary>What the pages say, in three languages, and that they say nothing else.</summary>
public partial class TextsTests
{
    [Fact]
    public void Every_language_has_every_text_and_no_stranger()
    {
        foreach (var (tag, _) in Texts.Languages)
            Texts.In(tag).Keys.ShouldBe(Texts.In(Texts.Bokmaal).Keys, ignoreOrder: true, tag);
    }

    [Fact]
    public void A_text_has_the_same_places_for_values_in_every_language()
    {
        var bokmaal = Texts.In(Texts.Bokmaal);
        var different =
            from language in Texts.Languages
            from key in bokmaal.Keys
            let places = Texts.In(language.Tag).Pattern(key).Places.Where(IsValue)
            where !places.Order(StringComparer.Ordinal).SequenceEqual(
                bokmaal.Pattern(key).Places.Where(IsValue).Order(StringComparer.Ordinal))
            select $"{language.Tag}: {key}";

        different.ShouldBeEmpty();

        // A language may need two words where another has one: "funn" is one and many.
        static bool IsValue(string place) => !place.EndsWith('|');
    }

    [Fact]
    public void Every_text_that_a_page_asks_for_is_there()
    {
        var keys = Texts.In(Texts.Bokmaal).Keys.ToHashSet(StringComparer.Ordinal);
        var areas = keys.Select(AreaOf).ToHashSet(StringComparer.Ordinal);

        PortalLiterals.All.Select(literal => literal.Text)
            .Where(text => PortalLiterals.IsKey(text) && areas.Contains(AreaOf(text)) && !keys.Contains(text))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_text_is_asked_for()
    {
        var asked = PortalLiterals.All.Select(literal => literal.Text).ToHashSet(StringComparer.Ordinal);
        var starts = asked.Where(text => text.EndsWith('.')).ToArray();

        Texts.In(Texts.Bokmaal).Keys
            .Where(key => !char.IsUpper(key[0]))
            .Where(key => !asked.Contains(key)
                && !starts.Any(start => key.StartsWith(start, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_value_of_an_enum_that_has_words_has_a_word()
    {
        var keys = Texts.In(Texts.Bokmaal).Keys.Where(key => char.IsUpper(key[0])).ToArray();
        var portal = typeof(Texts).Assembly;
        var enums = portal.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("Kilde.", StringComparison.Ordinal))
            .Select(Assembly.Load).Append(portal)
            .SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsEnum)
            .ToLookup(type => type.Name, StringComparer.Ordinal);

        foreach (var group in keys.GroupBy(AreaOf))
        {
            enums[group.Key].ShouldHaveSingleItem(group.Key);
            group.ShouldBe(Enum.GetNames(enums[group.Key].Single()).Select(name => $"{group.Key}.{name}"),
                ignoreOrder: true);
        }
    }

    /// <summary>What the program writes to the log: a literal, or the beginning of one with a kind after it.</summary>
    [Fact]
    public void Everything_that_the_log_says_was_done_has_words()
    {
        var acts = Texts.In(Texts.Bokmaal).Keys.Where(key => key.StartsWith("act.", StringComparison.Ordinal))
            .Select(key => key["act.".Length..]).ToList();
        var written = Repository.Files("src", "*.cs")
            .SelectMany(path => Act.Matches(File.ReadAllText(path)).Select(act => act.Groups["act"].Value)).ToList();

        written.Count.ShouldBeGreaterThan(20);
        written.Where(act => !acts.Exists(known =>
            act.EndsWith('.') ? known.StartsWith(act, StringComparison.Ordinal) : known == act)).ShouldBeEmpty();
        Enum.GetValues<FollowUpKind>().Select(kind => $"follow_up.{StoredWord.Of(kind)}")
            .ShouldBeSubsetOf(acts);
    }

    /// <summary>A page without texts of its own says everything in the visitor's language.</summary>
    [Theory]
    [MemberData(nameof(Translated))]
    public void A_translated_folder_holds_no_text_in_its_code(string folder) =>
        PortalLiterals.All.Where(literal => literal.Folder == folder)
            .SelectMany(PortalLiterals.WordsIn).ShouldBeEmpty();

    public static TheoryData<string> Translated { get; } =
    [
        "AuditTrail", "Calling", "Caveats", "Comparing", "Components", "Declaration", "Feedback", "Figures", "Findings",
        "FollowUp", "FrontPage", "MessageTypes", "National", "Reservations", "Returning", "Senders", "Shell",
        "SignOffs", "Submissions", "Trials", "Vendors",
    ];

    [Fact]
    public void An_unknown_language_is_answered_in_bokmaal() => Texts.In("xx").Language.ShouldBe("nb");

    [Theory]
    [InlineData("nb", "1\u00a0200 funn", "1 funn")]
    [InlineData("nn", "1\u00a0200 funn", "1 funn")]
    [InlineData("en", "1,200 findings", "1 finding")]
    public void A_count_is_told_with_its_word(string language, string many, string one)
    {
        Texts.In(language)["submissions.findings.all", 1200].ShouldBe(many);
        Texts.In(language)["submissions.findings.all", 1L].ShouldBe(one);
    }

    [Fact]
    public void What_is_put_into_markup_is_encoded()
    {
        var said = Texts.In("en").Rich(
            "submissions.none.help", Rich.Code("<b>"), Rich.Link("/a?b=\"&c=d")).Value;

        said.ShouldContain("<code>&lt;b&gt;</code>");
        said.ShouldContain("<a class=\"ds-link\" href=\"/a?b=&quot;&amp;c=d\">Message types</a>");
        Texts.In("nb").Rich("submissions.rejected", "1", "<i>").Value.ShouldEndWith("&lt;i&gt;");
    }

    [Theory]
    [InlineData("{0} %", "12\u00a0%")]
    [InlineData("{0}. tertial", "12.\u00a0tertial")]
    [InlineData("Under 15 MB i alt", "Under 15\u00a0MB i alt")]
    [InlineData("{0}. Se under {0} steder", "12. Se under 12 steder")]
    public void A_number_stays_on_the_line_of_its_unit(string text, string said) =>
        TextPattern.Parse(text).Say(Texts.In("nb"), 12).ShouldBe(said);

    [Theory]
    [InlineData("{0")]
    [InlineData("{a}")]
    [InlineData("{0|one}")]
    public void A_text_that_cannot_be_taken_apart_is_refused(string text) =>
        Should.Throw<FormatException>(() => TextPattern.Parse(text));

    [GeneratedRegex(
        @"new AuditEntry\(\s*(\w+(\.\w+)?!?|new AccessGround\([^)]*\)),\s*\$?""(?<act>[a-z_]+\.[a-z_.-]*)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Act { get; }

    private static string AreaOf(string key) => key[..Math.Max(0, key.IndexOf('.', StringComparison.Ordinal))];
}

public class SpokenValueTests
{
    [Theory]
    [InlineData(0, "nå", "now")]
    [InlineData(59, "59\u00a0s", "59\u00a0s")]
    [InlineData(60, "1\u00a0min", "1\u00a0min")]
    [InlineData(3600 * 5, "5\u00a0t", "5\u00a0h")]
    [InlineData(86_400, "1\u00a0dag", "1\u00a0day")]
    [InlineData(86_400 * 1200, "1\u00a0200\u00a0dager", "1,200\u00a0days")]
    public void An_age_is_told_in_its_largest_unit(long seconds, string bokmaal, string english)
    {
        Texts.In("nb").Of(TimeSpan.FromSeconds(seconds)).ShouldBe(bokmaal);
        Texts.In("en").Of(TimeSpan.FromSeconds(seconds)).ShouldBe(english);
    }

    [Theory]
    [InlineData("2026-01-15T23:30:00Z", "16.01.2026 kl.\u00a000.30", "16\u00a0Jan\u00a02026, 00:30")]
    [InlineData("2026-07-15T21:30:00Z", "15.07.2026 kl.\u00a023.30", "15\u00a0Jul\u00a02026, 23:30")]
    public void Times_are_told_as_clocks_in_Norway_show(string instant, string bokmaal, string english)
    {
        Texts.In("nb").Of(DateTimeOffset.Parse(instant)).ShouldBe(bokmaal);
        Texts.In("en").Of(DateTimeOffset.Parse(instant)).ShouldBe(english);
    }

    [Fact]
    public void A_day_begins_at_midnight_in_Norway_summer_and_winter()
    {
        Norwegian.StartOf(new DateOnly(2026, 7, 1)).ShouldBe(new DateTimeOffset(2026, 6, 30, 22, 0, 0, TimeSpan.Zero));
        Norwegian.StartOf(new DateOnly(2026, 1, 1)).ShouldBe(new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.Zero));
    }
}
