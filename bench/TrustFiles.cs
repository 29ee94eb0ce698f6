using System.Globalization;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>A trust's year on disk: identities, activity, and activity with every fiftieth record changed.</summary>
internal sealed class TrustFiles : IDisposable
{
    // Episodes are a little more than half of the records: every 29th of them is one record in fifty.
    private const int ChangeEvery = 29;
    private const string ChangedItem = "innDatoTid=\"";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-bench-xml-");

    private TrustFiles()
    {
    }

    public string Activity => Path.Combine(_folder.FullName, "ord.xml");

    public string Changed => Path.Combine(_folder.FullName, "ord-changed.xml");

    public string Identity => Path.Combine(_folder.FullName, "ide.xml");

    public long ActivityBytes => new FileInfo(Activity).Length;

    public static async Task<TrustFiles> WriteAsync(int year, long bytes, CancellationToken cancellation)
    {
        var files = new TrustFiles();
        var order = new TrustYearOrder { Trust = TrustDirectory.Largest, AsOf = new DateOnly(year, 12, 31) };
        order = order with { Share = TrustYear.ShareFor(order, bytes) };
        await using (var activity = File.Create(files.Activity))
        await using (var identity = File.Create(files.Identity))
        {
            TrustYear.Write(
                order,
                new Dictionary<TrustFileKind, Stream>
                {
                    [TrustFileKind.Activity] = activity,
                    [TrustFileKind.Identity] = identity,
                },
                cancellation: cancellation);
        }

        await files.WriteChangedAsync(cancellation);
        return files;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // The episode begins half a minute later; that holds in every rule.
    private async Task WriteChangedAsync(CancellationToken cancellation)
    {
        using var reader = new StreamReader(Activity);
        await using var writer = new StreamWriter(Changed);
        var episodes = 0;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("<Episode ", StringComparison.Ordinal) && ++episodes % ChangeEvery == 0)
            {
                var at = line.IndexOf(ChangedItem, StringComparison.Ordinal) + ChangedItem.Length;
                var time = DateTime.Parse(line.AsSpan(at, 19), CultureInfo.InvariantCulture).AddSeconds(30);
                line = $"{line.AsSpan(0, at)}{time:s}{line.AsSpan(at + 19)}";
            }

            await writer.WriteLineAsync(line.AsMemory(), cancellation);
        }
    }
}
