using Kilde.Definitions.Compiling;

namespace Kilde.Definitions.Tests;

/// <summary>A folder of definitions that a test writes.</summary>
internal sealed class DefinitionFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-definitions-");

    public DefinitionFolder(string message, params string[] codeLists)
    {
        Write("messages", "m.yaml", message);
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "code-lists"));
        for (var i = 0; i < codeLists.Length; i++) Write("code-lists", $"{i}.yaml", codeLists[i]);
    }

    public string Path => _folder.FullName;

    public DefinitionCheck Check() => DefinitionChecker.Check(Path);

    public void Write(string part, string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, part));
        File.WriteAllText(System.IO.Path.Combine(Path, part, file), text);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
