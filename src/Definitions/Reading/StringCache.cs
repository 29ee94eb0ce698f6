using System.Text;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Gives the same string again for texts that stand in record after record, such as the sender's names of its units.
/// Never used for what tells a person.
/// </summary>
internal sealed class StringCache
{
    private const int Entries = 512;
    private const int BytesMax = 64;

    private readonly (byte[] Bytes, string Text)[] _entries = new (byte[], string)[Entries];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > BytesMax) return Encoding.UTF8.GetString(utf8);
        ref var entry = ref _entries[Hash(utf8) & (Entries - 1)];
        if (entry.Text is not null && utf8.SequenceEqual(entry.Bytes)) return entry.Text;
        entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return entry.Text;
    }

    private static ulong Mix(ulong hash) => unchecked(hash * 0x9E3779B97F4A7C15) ^ (hash >> 29);

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        while (utf8.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BitConverter.ToUInt64(utf8));
            utf8 = utf8[sizeof(ulong)..];
        }

        foreach (var unit in utf8) hash = Mix(hash ^ unit);
        return (int)(hash >> 40);
    }
}
