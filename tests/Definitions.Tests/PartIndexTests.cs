using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Tests;

public class PartIndexTests
{
    [Fact]
    public void Finds_what_a_dictionary_finds() =>
        Prop.ForAll<byte[], byte>(IsAsModel).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    // Of parts that are many and lie evenly, as digests do, and of such as lie in heaps, as only somebody could make.
    [Theory]
    [InlineData(1)]
    [InlineData(1UL << 20)]
    [InlineData(ulong.MaxValue)]
    public void Finds_each_of_many_wherever_they_lie(ulong spread)
    {
        var digests = new HashSet<UInt128>();
        for (var i = 0UL; i < 5_000; i++)
            digests.Add(unchecked(new UInt128((i * 0x9E3779B97F4A7C15UL) % spread, i * 0xD1B54A32D192ED03UL)));
        var known = digests.Where((_, place) => place % 2 == 1).ToArray();
        var index = new PartIndex(known.Length, known.Select((digest, place) => (digest, (long)place)));
        Assert.Equal(known.Order(), index.All.Select(part => part.Digest));
        Assert.All(known.Index(), part => Assert.Equal(part.Index, index.PlaceOf(part.Item)));
        Assert.All(digests.Except(known), digest => Assert.Null(index.PlaceOf(digest)));
        Assert.Null(index.PlaceOf(UInt128.MaxValue));
    }

    [Fact]
    public void Knows_nothing_when_it_is_empty() => Assert.Null(PartIndex.Empty.PlaceOf(1));

    // Few values, so that digests meet and that of no part comes too.
    private static bool IsAsModel(byte[] digests, byte other)
    {
        var places = digests.Select((digest, place) => (Digest: (UInt128)digest, Place: (long)place)).ToArray();
        var model = places.Where(part => part.Digest != MessageParts.NoDigest)
            .ToLookup(part => part.Digest, part => part.Place);
        var index = new PartIndex(places.Length, places);
        return digests.Append(other).Append((byte)0).All(digest => model.Contains(digest)
            ? index.PlaceOf(digest) is { } place && model[digest].Contains(place)
            : index.PlaceOf(digest) is null);
    }
}
