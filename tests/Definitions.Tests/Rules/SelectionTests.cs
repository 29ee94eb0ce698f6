using Kilde.Definitions.Rules;

namespace Kilde.Definitions.Tests.Rules;

public class SelectionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(4096)]
    public void Those_taken_out_on_the_way_are_gone_and_no_others(int count)
    {
        var selection = new Selection();
        selection.SelectAll(count);
        var met = new List<int>();
        foreach (var subject in selection)
        {
            met.Add(subject);
            if (subject % 3 == 0) selection.Remove(subject);
        }

        met.ShouldBe(Enumerable.Range(0, count));
        All(selection).ShouldBe(Enumerable.Range(0, count).Where(subject => subject % 3 != 0));
        selection.IsEmpty.ShouldBe(count < 2);
    }

    [Fact]
    public void A_selection_taken_from_another_leaves_the_difference()
    {
        var (all, odd) = (new Selection(), new Selection());
        all.SelectAll(130);
        odd.CopyFrom(all);
        foreach (var subject in odd)
        {
            if (subject % 2 == 0) odd.Remove(subject);
        }

        all.Remove(odd);
        All(all).ShouldBe(Enumerable.Range(0, 130).Where(subject => subject % 2 == 0));
    }

    private static List<int> All(Selection selection)
    {
        var all = new List<int>();
        foreach (var subject in selection) all.Add(subject);
        return all;
    }
}
