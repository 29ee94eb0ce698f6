using FsCheck;
using FsCheck.Fluent;
using Kilde.Identity.Resolving;

namespace Kilde.Identity.Tests;

public class StandingCacheTests
{
    [Fact]
    public void What_is_kept_is_known_as_of_the_same_change_only()
    {
        var cache = new StandingCache(1_000);
        var index = Index(1);
        cache.At(7).Keep(index, new Standing(1, 2));

        cache.At(7).TryGet(index, out var standing).ShouldBeTrue();
        standing.ShouldBe(new Standing(1, 2));
        cache.At(8).TryGet(index, out _).ShouldBeFalse();
    }

    [Fact]
    public void Who_is_late_neither_gets_what_is_newer_nor_takes_its_place()
    {
        var cache = new StandingCache(1_000);
        var index = Index(1);
        var late = cache.At(7);
        cache.At(8).Keep(index, new Standing(1, 3));

        late.Keep(index, new Standing(1, 2));

        late.TryGet(index, out _).ShouldBeFalse();
        cache.At(7).TryGet(index, out _).ShouldBeFalse();
        cache.At(8).TryGet(index, out var standing).ShouldBeTrue();
        standing.PersonKey.ShouldBe(3);
    }

    [Fact]
    public void What_was_kept_last_is_still_known_when_more_has_come_than_there_is_room_for()
    {
        var cache = new StandingCache(1_000);
        var generation = cache.At(1);
        for (var i = 0; i < 100_000; i++)
        {
            generation.Keep(Index(i), new Standing(i, i));
            generation.TryGet(Index(i), out var standing).ShouldBeTrue();
            standing.ShouldBe(new Standing(i, i));
        }

        Enumerable.Range(0, 100_000).Count(i => generation.TryGet(Index(i), out _)).ShouldBe(1_024);
    }

    [Fact]
    public void Without_room_nothing_is_kept()
    {
        var generation = new StandingCache(0).At(1);
        generation.Keep(Index(1), new Standing(1, 2));
        generation.TryGet(Index(1), out _).ShouldBeFalse();
    }

    // What is known is never wrong, whatever is forgotten.
    [Fact]
    public void What_is_known_is_what_was_kept_last_as_of_that_change() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Index, byte ChangeNo, byte Person)[]>(),
        steps =>
        {
            var cache = new StandingCache(8);
            var model = new Dictionary<(byte, byte), long>();
            var newest = -1;
            foreach (var (index, changeNo, person) in steps)
            {
                var generation = cache.At(changeNo);
                newest = Math.Max(newest, changeNo);
                var isKnown = generation.TryGet(Index(index), out var standing);
                if (isKnown && (changeNo < newest || model[(index, changeNo)] != standing.PersonKey)) return false;
                generation.Keep(Index(index), new Standing(index, person));
                model[(index, changeNo)] = person;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure);

    // Spread as MACs are.
    private static Guid Index(int number) =>
        new(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)).AsSpan(0, 16));
}
