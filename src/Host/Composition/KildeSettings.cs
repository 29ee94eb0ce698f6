using System.Text.Json;

namespace Kilde.Host.Composition;

/// <summary>
/// Where this machine keeps what Kilde needs. Read from a settings file (<c>KILDE_SETTINGS</c>, else
/// <c>data/settings.json</c> that <c>kilde up</c> writes) and then from the environment, which wins.
/// </summary>
public static class KildeSettings
{
    public const string FileVariable = "KILDE_SETTINGS";

    /// <summary>The checkout or installation: holds <c>definitions/</c> and <c>tools/</c>.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("KILDE_ROOT") ?? FindRoot() ?? Directory.GetCurrentDirectory();

    /// <summary>The data folder of <c>kilde up</c>: database files, keys, settings.</summary>
    public static string DataFolder { get; } =
        Environment.GetEnvironmentVariable("KILDE_DATA") ?? Path.Combine(Root, "data");

    public static string File { get; } =
        Environment.GetEnvironmentVariable(FileVariable) ?? Path.Combine(DataFolder, "settings.json");

    public static string DefinitionsFolder { get; } = Path.Combine(Root, "definitions");

    /// <summary>The codes of medical code systems that this installation has fetched; may be missing.</summary>
    public static string CodesFolder { get; } = Path.Combine(DataFolder, "code-systems");

    /// <summary>The settings file, if any, and the environment over it.</summary>
    public static IConfigurationRoot Load() => Over(new ConfigurationBuilder());

    /// <summary>What holds where a settings file is about to be written.</summary>
    public static IConfigurationRoot LoadWithoutFile() =>
        WithPlaces(new ConfigurationBuilder()).AddEnvironmentVariables().Build();

    /// <summary>Adds the settings file and the environment to what a builder already has.</summary>
    public static IConfigurationRoot Over(IConfigurationBuilder builder) => WithPlaces(builder)
        .AddJsonFile(Path.GetFullPath(File), optional: true)
        .AddEnvironmentVariables()
        .Build();

    private static IConfigurationBuilder WithPlaces(IConfigurationBuilder builder) => builder.AddInMemoryCollection(
        [
            new("Definitions:Folder", DefinitionsFolder),
            new("Definitions:CodeSystems", CodesFolder),
            new("Quality:CalendarFolder", Path.Combine(DefinitionsFolder, "calendar")),
            new("Quality:ActivityFolder", Path.Combine(DefinitionsFolder, "activity")),
        ]);

    /// <summary>Writes the settings so that only the owner can read them; they hold passwords.</summary>
    public static Task SaveAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) =>
        OwnerOnlyFile.WriteWholeAsync(
            File, stream => JsonSerializer.SerializeAsync(stream, settings, Indented, cancellation));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string? FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "definitions")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
