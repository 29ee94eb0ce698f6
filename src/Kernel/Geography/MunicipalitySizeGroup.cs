using System.Collections.Frozen;
using System.Globalization;

namespace Kilde.Kernel;

/// <summary>Municipalities with about as many inhabitants, to compare with (R8.06).</summary>
/// <param name="Number">1 for the smallest, 5 for the largest.</param>
/// <param name="Name">Inhabitants, in words.</param>
/// <param name="Municipalities">By the borders of <see cref="CodeYear"/>.</param>
public sealed record MunicipalitySizeGroup(int Number, string Name, IReadOnlyList<MunicipalityCode> Municipalities)
{
    /// <summary>Inhabitants are those of 1 January in this year, in its municipalities.</summary>
    public const int CodeYear = 2024;

    public static IReadOnlyList<MunicipalitySizeGroup> All { get; } = Read();

    private static readonly FrozenDictionary<MunicipalityCode, MunicipalitySizeGroup> Groups = All
        .SelectMany(group => group.Municipalities.Select(code => KeyValuePair.Create(code, group)))
        .ToFrozenDictionary();

    /// <summary>The group of what the municipality is today; null when it was divided, or is none.</summary>
    public static MunicipalitySizeGroup? Of(MunicipalityCode municipality) =>
        !municipality.IsSpecial && municipality.MapTo(CodeYear) is [var today] ? Groups.GetValueOrDefault(today) : null;

    private static IReadOnlyList<MunicipalitySizeGroup> Read()
    {
        using var stream = typeof(MunicipalitySizeGroup).Assembly.GetManifestResourceStream("size-groups.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#'));
        return
        [
            .. from block in string.Join('\n', lines).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
               let parts = block.Trim().Split(':')
               where parts.Length == 2
               let head = parts[0].Split(' ', 2)
               select new MunicipalitySizeGroup(
                   int.Parse(head[0], NumberStyles.None, CultureInfo.InvariantCulture), head[1],
                   [.. parts[1].Split(',').Select(code => MunicipalityCode.Parse(code.Trim()))]),
        ];
    }
}
