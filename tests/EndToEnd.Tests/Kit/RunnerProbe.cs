namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>Run only when asked for by name, by the tests of <c>./kilde test</c> itself.</summary>
public class RunnerProbe
{
    [Fact(Explicit = true)]
    public void A_test_that_passes() => true.ShouldBeTrue();

    [Fact(Explicit = true)]
    public void A_test_that_fails() => false.ShouldBeTrue("as it is meant to");
}
