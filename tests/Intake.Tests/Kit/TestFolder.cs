using System.IO.Compression;
using System.Text;
using Kilde.Intake.Files;
using Kilde.Intake.Headers;

namespace Kilde.Intake.Tests.Kit;

/// <summary>A folder of the test's own, and the files that are laid in it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde_files_");

    public string Path => _folder.FullName;

    public string Write(string name, string content, Encoding? encoding = null)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, content, encoding ?? new UTF8Encoding(false));
        return file;
    }

    public string Write(string name, byte[] content)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(file, content);
        return file;
    }

    public string Pack(string name, params (string Name, string Content)[] entries)
    {
        var file = System.IO.Path.Combine(Path, name);
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var (entry, content) in entries)
        {
            using var writer = new StreamWriter(archive.CreateEntry(entry).Open());
            writer.Write(content);
        }

        return file;
    }

    public string PackEndless(string name, string start, long bytes)
    {
        var file = System.IO.Path.Combine(Path, name);
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        using var entry = archive.CreateEntry("bombe.xml").Open();
        entry.Write(Encoding.UTF8.GetBytes(start));
        var record = Encoding.UTF8.GetBytes("<R id=\"1\" v=\"1\"/>" + new string(' ', 1 << 16));
        for (var written = 0L; written < bytes; written += record.Length) entry.Write(record);
        return file;
    }

    public string[] Files(string folder) =>
        [.. Directory.GetFiles(System.IO.Path.Combine(Path, folder)).Select(System.IO.Path.GetFileName)!];

    /// <summary>The receipts in a folder, by the name that the file was given.</summary>
    public IReadOnlyList<(string Name, ApplicationReceipt Receipt)> Receipts(string folder) =>
    [
        .. from file in Files(folder)
           where file.EndsWith(FileReceipt.Ending, StringComparison.Ordinal)
           select (
               file[(file.IndexOf('_') + 1)..],
               AppRecReader.Read(File.ReadAllBytes(System.IO.Path.Combine(Path, folder, file)))!),
    ];

    public void Empty(string folder)
    {
        foreach (var file in Files(folder)) File.Delete(System.IO.Path.Combine(Path, folder, file));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
