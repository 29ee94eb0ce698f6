using Kilde.Testing;

namespace Kilde.Register.Tests.Kit;

/// <summary>A copy of the definitions that a test may add to and change.</summary>
internal sealed class DefinitionCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-definitions-");

    public DefinitionCopy()
    {
        var from = Repository.At("definitions");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string Path => _folder.FullName;

    public void Write(string part, string file, string text) =>
        File.WriteAllText(System.IO.Path.Combine(Path, part, file), text);

    public void Dispose() => _folder.Delete(recursive: true);
}
