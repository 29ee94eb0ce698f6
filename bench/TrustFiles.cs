using System.Globalization;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>
/// A trust's year on disk: identities, activity, the same activity sent once more, and activity with every fiftieth
/// record changed.
/// </summary>
/// <remarks><c>KILDE_XML_FOLDER</c> names a folder where they are kept and found again by the next run.</remarks>
internal sealed class TrustFiles : IDisposable
{
    // Episodes are a little more than half of the records: every 29th of them is one record in fifty.
    private const int ChangeEvery = 29;
    private const string ChangedItem = "innDatoTid=\"";
    private const string Serial = "lopenr=\"";

    private readonly DirectoryInfo _folder;
    private readonly bool _isKept;

    private TrustFiles(int year, long bytes)
    {
        _isKept = Environment.GetEnvironmentVariable("KILDE_XML_FOLDER") is { Length: > 0 };
        _folder = _isKept
            ? Directory.CreateDirectory(Path.Combine(
                Environment.GetEnvironmentVariable("KILDE_XML_FOLDER")!, $"{year}-{bytes}"))
            : Directory.CreateTempSubdirectory("kilde-bench-xml-");
    }

    public static HospitalTrust Trust => TrustDirectory.Largest;

    public string Activity => PathOf("ord");

    public string Again => PathOf("ord-again");

    public string Changed => PathOf("ord-changed");

    public string Identity => PathOf("ide");

    public static long BytesOf(string path) => new FileInfo(path).Length;

    public static async Task<TrustFiles> WriteAsync(int year, long bytes, CancellationToken cancellation)
    {
        var files = new TrustFiles(year, bytes);
        if (File.Exists(files.Changed)) return files;
        await using (var activity = File.Create(files.Activity))
        await using (var identity = File.Create(files.Identity))
        {
            Write(
                year, bytes, new Dictionary<TrustFileKind, Stream>
                {
                    [TrustFileKind.Activity] = activity,
                    [TrustFileKind.Identity] = identity,
                },
                cancellation);
        }

        await files.WriteResendsAsync(cancellation);
        return files;
    }

    /// <summary>Activity of about so many bytes, at most all that the trust has in a year.</summary>
    public static void WriteActivity(int year, long bytes, Stream stream, CancellationToken cancellation) => Write(
        year, bytes, new Dictionary<TrustFileKind, Stream> { [TrustFileKind.Activity] = stream }, cancellation);

    public void Dispose()
    {
        if (!_isKept) _folder.Delete(recursive: true);
    }

    private static void Write(
        int year, long bytes, Dictionary<TrustFileKind, Stream> streams, CancellationToken cancellation)
    {
        var order = new TrustYearOrder { Trust = Trust, AsOf = new DateOnly(year, 12, 31) };
        order = order with { Share = Math.Min(1, TrustYear.ShareFor(order, bytes)) };
        TrustYear.Write(order, streams, cancellation: cancellation);
    }

    // The episode begins half a minute later; that holds in every rule. Each file has a number of its own, for the same
    // bytes again are no message at all.
    private async Task WriteResendsAsync(CancellationToken cancellation)
    {
        using var reader = new StreamReader(Activity);
        await using var again = new StreamWriter(Again);
        await using var changed = new StreamWriter(Changed);
        var episodes = 0;
        var hasSerial = false;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (!hasSerial && line.Contains(Serial, StringComparison.Ordinal))
            {
                hasSerial = true;
                await again.WriteLineAsync(line.Replace(Serial, Serial + "7", StringComparison.Ordinal));
                await changed.WriteLineAsync(line.Replace(Serial, Serial + "8", StringComparison.Ordinal));
                continue;
            }

            await again.WriteLineAsync(line.AsMemory(), cancellation);
            var isChanged = line.StartsWith("<Episode ", StringComparison.Ordinal) && ++episodes % ChangeEvery == 0;
            await changed.WriteLineAsync((isChanged ? Later(line) : line).AsMemory(), cancellation);
        }
    }

    private static string Later(string line)
    {
        var at = line.IndexOf(ChangedItem, StringComparison.Ordinal) + ChangedItem.Length;
        var time = DateTime.Parse(line.AsSpan(at, 19), CultureInfo.InvariantCulture).AddSeconds(30);
        return $"{line.AsSpan(0, at)}{time:s}{line.AsSpan(at + 19)}";
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, $"{name}.xml");
}
