using System.CommandLine.Parsing;
using System.Globalization;

namespace Kilde.Host.Commands;

/// <summary>A number of bytes, as people write it: 500kB, 120MB, 1GB, in powers of ten.</summary>
internal readonly record struct FileSize(long Bytes)
{
    private static readonly (string Unit, long Bytes)[] Units =
        [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1)];

    public static bool TryParse(string text, out FileSize size)
    {
        size = default;
        foreach (var (unit, bytes) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) continue;
            var number = text.AsSpan(0, text.Length - unit.Length).Trim();
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                || count <= 0 || count > long.MaxValue / bytes)
            {
                return false;
            }

            size = new FileSize((long)(count * bytes));
            return true;
        }

        return false;
    }

    /// <summary>For an option; what cannot be read is told as an error of the call.</summary>
    public static FileSize? Parse(ArgumentResult given)
    {
        if (TryParse(given.Tokens[0].Value, out var size)) return size;
        given.AddError($"'{given.Tokens[0].Value}' is not a size such as 120MB or 1GB.");
        return null;
    }

    public override string ToString()
    {
        var bytes = Bytes;
        var (unit, one) = Array.Find(Units, unit => bytes >= unit.Bytes);
        return one == 0 ? "0 B" : string.Create(CultureInfo.InvariantCulture, $"{(decimal)bytes / one:0.#} {unit}");
    }
}
