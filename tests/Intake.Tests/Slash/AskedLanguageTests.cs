using Kilde.Intake.Slash;
using Microsoft.AspNetCore.Http;

namespace Kilde.Intake.Tests.Slash;

/// <summary>What <c>Accept-Language</c> asks for, of what the register writes.</summary>
public class AskedLanguageTests
{
    [Theory]
    [InlineData(null, "nb")]
    [InlineData("", "nb")]
    [InlineData("*", "nb")]
    [InlineData("no", "nb")]
    [InlineData("NN", "nn")]
    [InlineData("en-GB", "en")]
    [InlineData("sv, en;q=0.2, nn;q=0.4", "nn")]
    [InlineData("en;q=0", "nb")]
    [InlineData("en;q=x, \"'--;;,", "nb")]
    public void It_is_the_one_that_is_liked_best(string? wanted, string language)
    {
        var context = new DefaultHttpContext();
        if (wanted is not null) context.Request.Headers.AcceptLanguage = wanted;

        AskedLanguage.Of(context.Request).ShouldBe(language);
    }

    [Fact]
    public void A_header_without_end_is_bokmaal() =>
        AskedLanguage.Of(new DefaultHttpContext
        {
            Request = { Headers = { AcceptLanguage = string.Join(',', Enumerable.Repeat("sv", 5_000).Append("en")) } },
        }.Request).ShouldBe("nb");
}
