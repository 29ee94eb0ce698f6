using Kilde.Portal.Figures;
using Kilde.Portal.Shell;
using Kilde.Quality.Figures;

namespace Kilde.Portal.Tests;

public class FigureWordsTests
{
    [Theory]
    [InlineData(27, 2, "+25 personer", "25 flere enn i 2021")]
    [InlineData(8, 9, "−1 person", "1 færre enn i 2021")]
    [InlineData(9, 9, "0\u00a0%", "Som i 2021")]
    [InlineData(15, 10, "+50\u00a0%", "50\u00a0% flere enn i 2021")]
    [InlineData(5, 10, "−50\u00a0%", "50\u00a0% færre enn i 2021")]
    [InlineData(7, 0, "Ny", "7 flere enn i 2021")]
    [InlineData(7, null, "–", "Ingen tall fra 2021")]
    public void A_change_is_told_in_persons_where_they_were_few_and_else_in_percent(
        int now, int? before, string change, string words)
    {
        var texts = Texts.In("nb");
        Measured? was = before is { } persons ? new Measured(persons, 0, 0) : null;

        texts.Change(new Measured(now, 0, 0), was).ShouldBe(change);
        texts.ChangeInWords(new Measured(now, 0, 0), was, 2022).ShouldBe(words);
    }
}
