namespace Kilde.Register.Tests.Kit;

internal static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var look = 0; look < 1_200; look++)
        {
            if (await condition()) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("It did not come to be within a minute.");
    }
}
