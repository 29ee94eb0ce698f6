using System.Buffers.Binary;
using System.IO.Compression;
using Kilde.Intake.Headers;

namespace Kilde.Intake.Files;

/// <summary>A file in an archive.</summary>
/// <param name="Bytes">Unpacked, as the archive says; only for telling how far reading has come.</param>
/// <param name="Refusal">Why it cannot be a message, in bokmål; null when it may be one.</param>
internal sealed record ArchivePart(string Name, long Bytes, Func<Stream> Open, string? Refusal);

/// <summary>
/// A zip archive of XML messages. What unpacking it may cost is bounded by the archive's own size, whatever it claims
/// of itself; archives in archives are not opened.
/// </summary>
internal sealed class XmlArchive : IDisposable
{
    public const string Unreadable = "Arkivet er skadet eller ikke et zip-arkiv.";
    public const string TooLarge = "Filen pakkes ut til mer enn noen slik fil kan være.";

    public const int PartsMax = 1_000;

    /// <summary>Years of a hospital in XML pack to a twentieth; nothing that is a message packs to this.</summary>
    public const int RatioMax = 200;

    private const int NameCharactersMax = 200;
    private const long BytesToldMax = 1L << 50;
    private const long FreeBytes = 16 * 1024 * 1024;
    private const long DirectoryBytesMax = 1024 * 1024;

    private const uint EndMark = 0x06054b50;
    private const uint LargeEndMark = 0x06064b50;
    private const uint LargeLocatorMark = 0x07064b50;
    private const int EndBytes = 22;
    private const int LargeLocatorBytes = 20;
    private const int LargeEndBytes = 56;
    private const int CommentBytesMax = ushort.MaxValue;

    private readonly ZipArchive _archive;
    private long _left;

    private XmlArchive(ZipArchive archive, long archiveBytes)
    {
        _archive = archive;
        _left = FreeBytes + (archiveBytes * RatioMax);
        Parts = [.. archive.Entries.Where(entry => entry.Name.Length > 0).Select(PartOf)];
        if (Parts.Count > PartsMax) throw new InvalidDataException();
    }

    public IReadOnlyList<ArchivePart> Parts { get; }

    /// <summary>True when the file begins as a zip archive does, whatever it is called.</summary>
    public static bool IsArchive(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> mark = stackalloc byte[4];
        return file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length
            && (mark.SequenceEqual("PK\u0003\u0004"u8) || mark.SequenceEqual("PK\u0005\u0006"u8));
    }

    /// <exception cref="InvalidDataException">It is damaged, or its directory is larger than any such archive's.
    /// </exception>
    public static XmlArchive Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            // The directory is read into memory as a whole, so it is measured first.
            if (file.Length - DirectoryStart(file) > DirectoryBytesMax + CommentBytesMax)
                throw new InvalidDataException();
            file.Position = 0;
            return new XmlArchive(new ZipArchive(file, ZipArchiveMode.Read), file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _archive.Dispose();

    private ArchivePart PartOf(ZipArchiveEntry entry)
    {
        var name = entry.FullName.Length <= NameCharactersMax ? entry.FullName : entry.FullName[..NameCharactersMax];
        var refusal = entry.IsEncrypted ? "Filen er kryptert."
            : !entry.Name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) ? "Bare XML-filer tas imot i et arkiv."
            : null;
        return new ArchivePart(name, Math.Clamp(entry.Length, 0, BytesToldMax), () => Unpack(entry), refusal);
    }

    // All parts share what the archive's size allows: many of them may lie on the same packed bytes.
    private ToldStream Unpack(ZipArchiveEntry entry) =>
        new ToldStream(new BudgetedStream(entry.Open(), _left), Spending());

    private Action<long> Spending()
    {
        var spent = 0L;
        return bytes =>
        {
            _left -= bytes - spent;
            spent = bytes;
        };
    }

    private static long DirectoryStart(FileStream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndBytes + CommentBytesMax)];
        var tailStart = file.Length - tail.Length;
        Read(file, tailStart, tail);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndMark) continue;
            var start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            return start == uint.MaxValue ? LargeDirectoryStart(file, tailStart + at - LargeLocatorBytes) : start;
        }

        throw new InvalidDataException();
    }

    private static long LargeDirectoryStart(FileStream file, long locatorAt)
    {
        var (locator, end) = (new byte[LargeLocatorBytes], new byte[LargeEndBytes]);
        if (locatorAt < 0) throw new InvalidDataException();
        Read(file, locatorAt, locator);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LargeLocatorMark) throw new InvalidDataException();
        var endAt = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        if (endAt < 0 || endAt > file.Length - LargeEndBytes) throw new InvalidDataException();
        Read(file, endAt, end);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == LargeEndMark
            ? BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(48))
            : throw new InvalidDataException();
    }

    private static void Read(FileStream file, long at, byte[] bytes)
    {
        file.Position = at;
        file.ReadExactly(bytes);
    }
}
