using Kilde.Definitions.Reading.Xml;

namespace Kilde.Definitions.Tests.Xml;

public class RecentNamesTests
{
    [Fact]
    public void A_name_is_the_same_string_each_time_however_many_there_are()
    {
        var names = new RecentNames();
        var known = names.Add("navn7");
        var first = Enumerable.Range(0, 5000).Select(number => Add(names, $"navn{number}")).ToArray();

        for (var number = 0; number < first.Length; number++)
        {
            first[number].ShouldBe($"navn{number}");
            Add(names, $"navn{number}").ShouldBeSameAs(first[number]);
        }

        first[7].ShouldBeSameAs(known);
        names.Get("navn4711").ShouldBeSameAs(first[4711]);
        names.Get("ukjent").ShouldBeNull();
        Add(names, "").ShouldBeSameAs("");
    }

    private static string Add(RecentNames names, string name) => names.Add([.. name], 0, name.Length);
}
