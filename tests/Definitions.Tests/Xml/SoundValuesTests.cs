using Kilde.Definitions.Reading.Xml;

namespace Kilde.Definitions.Tests.Xml;

public class SoundValuesTests
{
    private const int Day = 737000;

    private static readonly ItemPlan[] Items =
    [
        .. new XmlPlan(Kit.Catalogue.Find("NPR_ORD", "53.1.3")!).Nodes
            .SelectMany(node => node.Items).Where(item => item.HasFewValues),
    ];

    [Theory]
    [InlineData("1")]
    [InlineData("01")]
    [InlineData("0301")]
    [InlineData("03011")]
    [InlineData("12345678")]
    public void What_was_sound_is_so_for_the_same_item_and_day_only(string text)
    {
        var sound = new SoundValues();
        sound.Add(Items[0], text, Day, new ItemState { Code = "en kode", Value = new XsdValue { Number = 42 } });

        var found = default(ItemState);
        sound.TryFind(Items[0], text, Day, ref found).ShouldBeTrue();
        (found.Outcome, found.Code, found.Value.Number).ShouldBe((ItemOutcome.Kept, "en kode", 42));
        sound.TryFind(Items[0], text, Day + 1, ref found).ShouldBeFalse();
        sound.TryFind(Items[1], text, Day, ref found).ShouldBeFalse();
        sound.TryFind(Items[0], text + " ", Day, ref found).ShouldBeFalse();
        sound.TryFind(Items[0], text[..^1] + "x", Day, ref found).ShouldBeFalse();
    }

    [Fact]
    public void Only_short_values_are_looked_for()
    {
        SoundValues.Takes(Items[0], "12345678").ShouldBeTrue();
        SoundValues.Takes(Items[0], "123456789").ShouldBeFalse();
        SoundValues.Takes(Items[0], "").ShouldBeFalse();
    }
}
