using Kilde.Definitions.Rules;

namespace Kilde.Definitions.Tests.Rules;

public class MomentTests
{
    [Theory]
    [InlineData("2019-03-01", "2019-03-02", true)]
    [InlineData("2019-03-01", "2019-03-01", false)]
    [InlineData("20190301", "2019-03-02", true)]
    [InlineData("2019-03-01T10:00:00", "2019-03-01T10:00:01", true)]
    [InlineData("2019-03-01T10:00:00", "2019-03-01", false)]
    [InlineData("2019-03-01", "2019-03-01T10:00:00", false)]
    [InlineData("2019-02-28T23:59:00", "2019-03-01", true)]
    // By the Norwegian clock it is the day after.
    [InlineData("2019-02-28T23:30:00Z", "2019-03-01", false)]
    [InlineData("2019-06-30T22:30:00Z", "2019-07-01", false)]
    // The hour that is lived twice, told with its zone.
    [InlineData("2019-10-27T02:50:00+02:00", "2019-10-27T02:10:00+01:00", true)]
    public void A_moment_is_before_another(string one, string other, bool isBefore)
    {
        Moment.Read(one).IsBefore(Moment.Read(other)).ShouldBe(isBefore);
        if (isBefore) Moment.Read(other).IsBefore(Moment.Read(one)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("i går")]
    [InlineData("2019-02-30")]
    [InlineData("20190230")]
    [InlineData("2019-W30")]
    [InlineData("2019-03-01T25:00:00")]
    [InlineData("2019-03-01T10:00:00 and much more than any time needs")]
    [InlineData("２０１９-03-01")]
    public void Any_other_text_is_no_moment(string text) => Moment.Read(text).IsPresent.ShouldBeFalse();

    [Theory]
    [InlineData("2019-03-01T09:00:00")]
    [InlineData("2020-02-29T23:59:59")]
    [InlineData("2019-10-27T00:30:00")]
    [InlineData("1901-12-31T00:00:00")]
    public void A_time_as_the_reader_writes_it_is_the_same_moment_as_in_any_other_form(string time)
    {
        var moment = Moment.Read($"{time}.0000000+00:00");

        moment.ShouldBe(Moment.Read($"{time}Z"));
        moment.ShouldBe(Moment.Read($"{time}+00:00"));
        moment.IsPresent.ShouldBeTrue();
    }

    [Theory]
    [InlineData("2019-02-29T09:00:00.0000000+00:00")]
    [InlineData("2019-13-01T09:00:00.0000000+00:00")]
    [InlineData("2019-03-01T24:00:00.0000000+00:00")]
    [InlineData("2019-03-01T09:6a:00.0000000+00:00")]
    [InlineData("2019-02-29T09:00:00+00:00")]
    [InlineData("2019x03x01T09:00:00+00:00")]
    public void A_time_that_never_was_is_no_moment(string text) => Moment.Read(text).IsPresent.ShouldBeFalse();

    [Fact]
    public void A_year_is_its_first_day() => Moment.OfYear(2019).Day.ShouldBe(new DateOnly(2019, 1, 1));
}
