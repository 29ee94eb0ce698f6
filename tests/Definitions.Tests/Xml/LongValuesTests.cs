using Kilde.Definitions.Reading.Xml;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>
/// Numbers and times that are longer than anybody needs. XML Schema has no bound for them; what one element may hold is
/// ours, and it is far off.
/// </summary>
public class LongValuesTests
{
    private const int CharactersMax = 250_000;

    [Theory]
    [InlineData("{0}", '9', true)]
    [InlineData("0.{0}", '0', true)]
    [InlineData("0.{0}", '3', true)]
    [InlineData("{0}E-300", '9', true)]
    [InlineData("-{0}", '0', true)]
    [InlineData("{0}x", '9', false)]
    [InlineData("1.{0}.", '9', false)]
    [InlineData("1E{0}-", '9', false)]
    public void A_number_of_any_length_is_one(string form, char digit, bool isOne)
    {
        foreach (var text in Texts(form, digit))
        {
            var value = default(XsdValue);
            XsdReading.TryDouble(text, ref value).ShouldBe(isOne, $"{text.Length}");
        }
    }

    [Theory]
    [InlineData("2019-01-31T09:15:00.{0}", '3', true)]
    [InlineData("2019-01-31T09:15:00.{0}Z", '0', true)]
    [InlineData("2019-01-31T09:15:00.{0}x", '0', false)]
    [InlineData("2019-01-31T09:15:00{0}", '0', false)]
    public void A_time_with_a_fraction_of_any_length_is_one(string form, char digit, bool isOne)
    {
        foreach (var text in Texts(form, digit))
        {
            var value = default(XsdValue);
            XsdReading.TryDateTime(text, ref value).ShouldBe(isOne, $"{text.Length}");
            if (isOne) value.IsKept.ShouldBeTrue();
        }
    }

    private static IEnumerable<string> Texts(string form, char digit) =>
        from length in (int[])[10, 100, 101, 1_000, CharactersMax]
        select string.Format(form, new string(digit, length));
}
