using System.CommandLine;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Host.Composition;
using Kilde.Intake.Slash;

namespace Kilde.Host.Commands;

/// <summary>How a call names a message and its type; shared by the commands that take one.</summary>
/// <param name="takesXml">XML and zip archives are taken too; they name their type themselves.</param>
internal sealed class MessageOptions(bool takesXml = false)
{
    private const int FilesMax = 1_000_000;

    private static readonly long BytesMax = new SlashOptions().MessageMebibytesMax * 1024L * 1024L;

    private static readonly string[] XmlEndings = [".xml", ".zip"];

    private readonly string _pattern = takesXml ? "*.json, *.xml or *.zip" : "*.json";

    public Argument<string[]> Paths { get; } = new("file")
    {
        Description = takesXml
            ? "The messages: XML, zip archives of it, or JSON. A folder stands for those in it, ordered by name."
            : "The messages: JSON in UTF-8. A folder stands for its *.json, ordered by name.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string> Type { get; } = new("--type", "-t")
    {
        Description = "Message type, for example HST_Konsultasjon. 'kilde definitions list' shows them all.",
        Required = !takesXml,
    };

    public Option<string> Version { get; } = new("--version-of-type")
    {
        Description = "Version of the message type.",
        DefaultValueFactory = _ => "1",
    };

    public Command AddTo(Command command)
    {
        command.Add(Paths);
        command.Add(Type);
        command.Add(Version);
        return command;
    }

    /// <summary>The messages' files, or null after telling which there is none of, or which is too large.</summary>
    public async Task<IReadOnlyList<FileInfo>?> FindFilesAsync(ParseResult call)
    {
        List<FileInfo> files = [];
        foreach (var path in call.GetRequiredValue(Paths))
        {
            var before = files.Count;
            if (Directory.Exists(path)) files.AddRange(FilesIn(path));
            else if (File.Exists(path)) files.Add(new FileInfo(path));
            if (files.Count > before) continue;
            return await RefuseAsync(Directory.Exists(path)
                ? $"There is no {_pattern} in the folder {Path.GetFullPath(path)}."
                : $"There is no file {Path.GetFullPath(path)}.");
        }

        if (files.Count > FilesMax) return await RefuseAsync($"There are more than {FilesMax} files. Take fewer.");
        return files.Find(file => !IsXml(file) && file.Length > BytesMax) is { } large
            ? await RefuseAsync(
                $"{large.FullName} has {large.Length} bytes. The intake takes at most {BytesMax}: "
                + "split the message.")
            : files;
    }

    /// <summary>Does something with each file, in order, and tells how far it has come when there are more.</summary>
    public static async Task ForEachAsync(string doing, IReadOnlyList<FileInfo> files, Func<FileInfo, Task> actAsync)
    {
        if (files.Count == 1)
        {
            await actAsync(files[0]);
            return;
        }

        await ProgressReport.Current.RunAsync(doing, async report =>
        {
            for (var done = 0; done < files.Count; report(++done, files.Count)) await actAsync(files[done]);
            return files.Count;
        });
    }

    /// <summary>True for what is read as XML, also packed.</summary>
    public static bool IsXml(FileInfo file) => XmlEndings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<FileInfo> FilesIn(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => file.Extension == ".json" || (takesXml && IsXml(file)))
            .OrderBy(file => file.Name, StringComparer.Ordinal);

    private static async Task<IReadOnlyList<FileInfo>?> RefuseAsync(string text)
    {
        await Console.Error.WriteLineAsync(text);
        return null;
    }

    /// <summary>The message type, or null after telling which there are.</summary>
    public MessageType? FindType(ParseResult call, DefinitionCatalogue catalogue)
    {
        var (name, version) = (call.GetRequiredValue(Type), call.GetRequiredValue(Version));
        var type = catalogue.FindReader(name, version)?.Type;
        if (type is not null) return type;
        Console.Error.WriteLine(
            $"There is no message type {name} version {version}. There are: "
            + string.Join(", ", catalogue.MessageTypes.Select(known => $"{known.Name} {known.Version}")) + ".");
        return null;
    }

    /// <summary>The definitions of this installation, or null after telling what is wrong with them.</summary>
    public static DefinitionCatalogue? LoadCatalogue()
    {
        try
        {
            var settings = KildeSettings.Load();
            return DefinitionCatalogue.Load(settings["Definitions:Folder"]!, settings["Definitions:CodeSystems"]);
        }
        catch (Definitions.Compiling.DefinitionException wrong)
        {
            foreach (var mistake in wrong.Mistakes) Console.Error.WriteLine(mistake);
            return null;
        }
    }
}
