using Kilde.Intake.Admission;

namespace Kilde.Intake.Tests.Admission;

public class HeldAnswersTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_000, 1)]
    [InlineData(2_500, 2.5)]
    [InlineData(HeldAnswers.CountMax, 4)]
    public void The_more_are_kept_back_the_longer_and_never_all_equally_long(int count, double seconds)
    {
        var times = Enumerable.Range(0, 200).Select(_ => HeldAnswers.TimeFor(count).TotalSeconds).ToArray();

        times.ShouldAllBe(time => time >= seconds * 0.5 && time <= seconds * 1.5);
        times.Distinct().Count().ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task Those_beyond_what_is_kept_back_go_at_once_and_who_hangs_up_leaves_room()
    {
        var answers = new HeldAnswers(TimeProvider.System);
        using var hangUp = new CancellationTokenSource();
        var kept = Enumerable.Range(0, HeldAnswers.CountMax).Select(_ => answers.WaitAsync(hangUp.Token)).ToArray();

        answers.WaitAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully.ShouldBeTrue();
        await hangUp.CancelAsync();
        await Task.WhenAll(kept).ContinueWith(
            _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        answers.Count.ShouldBe(0);
    }
}
