using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Tests;

public class PartIndexTests
{
    [Fact]
    public void Finds_what_a_dictionary_finds() =>
        Prop.ForAll<byte[], byte>(IsAsModel).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

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
