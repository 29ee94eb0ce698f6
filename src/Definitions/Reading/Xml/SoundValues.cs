using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// Short values that were judged and nothing was wrong with: codes and numbers, the same few of which stand in element
/// after element. Those that meet in a place take it from each other.
/// </summary>
internal sealed class SoundValues
{
    private const int CharactersMax = 8;
    private const int Bits = 10;

    private readonly Entry[] _entries = new Entry[1 << Bits];

    /// <summary>True for texts that are looked for here.</summary>
    public static bool Takes(ItemPlan item, ReadOnlySpan<char> text) =>
        item.HasFewValues && text.Length is > 0 and <= CharactersMax;

    /// <param name="day">The day it is judged by; what is sound on one is not on another.</param>
    public bool TryFind(ItemPlan item, ReadOnlySpan<char> text, int day, ref ItemState at)
    {
        var (head, tail) = Units(text);
        ref var entry = ref _entries[PlaceOf(item, head, tail)];
        if (entry.Head != head || entry.Tail != tail || entry.Length != text.Length) return false;
        if (entry.Item != item || entry.Day != day) return false;
        at.Outcome = ItemOutcome.Kept;
        at.Value = entry.Value;
        at.Code = entry.Code;
        return true;
    }

    public void Add(ItemPlan item, ReadOnlySpan<char> text, int day, in ItemState at)
    {
        var (head, tail) = Units(text);
        _entries[PlaceOf(item, head, tail)] = new Entry(item, head, tail, text.Length, day, at.Value, at.Code);
    }

    // The whole text in two numbers, which overlap when it is shorter than both.
    private static (ulong Head, ulong Tail) Units(ReadOnlySpan<char> text)
    {
        var bytes = MemoryMarshal.AsBytes(text);
        if (bytes.Length >= sizeof(ulong))
            return (BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]));
        var head = 0UL;
        foreach (var letter in text) head = (head << 16) | letter;
        return (head, 0);
    }

    private static int PlaceOf(ItemPlan item, ulong head, ulong tail)
    {
        var mixed = unchecked((head ^ (tail * 31) ^ ((ulong)item.Number << 40)) * 0x9E3779B97F4A7C15);
        return (int)(mixed >> (64 - Bits));
    }

    private readonly record struct Entry(
        ItemPlan? Item, ulong Head, ulong Tail, int Length, int Day, XsdValue Value, string? Code);
}
