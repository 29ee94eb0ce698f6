using System.Xml;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// The names of a message. The platform's table has them all, and hashes each as if somebody had chosen the names to
/// meet there; the few hundred of a message are found before that.
/// </summary>
internal sealed class RecentNames : XmlNameTable
{
    private const int Bits = 10;

    private readonly NameTable _all = new();
    private readonly string?[] _recent = new string?[1 << Bits];

    public override string Add(string array) => _all.Add(array);

    public override string? Get(string array) => _all.Get(array);

    public override string? Get(char[] array, int offset, int length) => _all.Get(array, offset, length);

    public override string Add(char[] array, int offset, int length)
    {
        if (length == 0) return "";
        ReadOnlySpan<char> name = array.AsSpan(offset, length);
        ref var recent = ref _recent[PlaceOf(name)];
        if (recent is null || !name.SequenceEqual(recent)) recent = _all.Add(array, offset, length);
        return recent;
    }

    // Names that meet take the place from each other, which costs no more than not to have it.
    private static int PlaceOf(ReadOnlySpan<char> name)
    {
        var (first, middle, last) = (name[0], name[name.Length / 2], name[^1]);
        var mixed = unchecked(((((((uint)name.Length * 31) + first) * 31) + middle) * 31) + last);
        return (int)(unchecked(mixed * 0x9E3779B9) >> (32 - Bits));
    }
}
