using System.CommandLine;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Host.Composition;

namespace Kilde.Host.Commands;

/// <summary>How a call names a message and its type; shared by the commands that take one.</summary>
internal sealed class MessageOptions
{
    public Argument<FileInfo> File { get; } = new("file") { Description = "The message: JSON in UTF-8." };

    public Option<string> Type { get; } = new("--type", "-t")
    {
        Description = "Message type, for example HST_Konsultasjon. 'kilde definitions list' shows them all.",
        Required = true,
    };

    public Option<string> Version { get; } = new("--version-of-type")
    {
        Description = "Version of the message type.",
        DefaultValueFactory = _ => "1",
    };

    public Command AddTo(Command command)
    {
        command.Add(File);
        command.Add(Type);
        command.Add(Version);
        return command;
    }

    /// <summary>The message's bytes, or null after telling that there is no such file.</summary>
    public async Task<byte[]?> ReadAsync(ParseResult call, CancellationToken cancellation)
    {
        var file = call.GetRequiredValue(File);
        if (file.Exists) return await System.IO.File.ReadAllBytesAsync(file.FullName, cancellation);
        await Console.Error.WriteLineAsync($"There is no file {file.FullName}.");
        return null;
    }

    /// <summary>The message type, or null after telling which there are.</summary>
    public MessageType? FindType(ParseResult call, DefinitionCatalogue catalogue)
    {
        var (name, version) = (call.GetRequiredValue(Type), call.GetRequiredValue(Version));
        var type = catalogue.Find(name, version);
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
            return DefinitionCatalogue.Load(KildeSettings.Load()["Definitions:Folder"]!);
        }
        catch (Definitions.Compiling.DefinitionException wrong)
        {
            foreach (var mistake in wrong.Mistakes) Console.Error.WriteLine(mistake);
            return null;
        }
    }
}
