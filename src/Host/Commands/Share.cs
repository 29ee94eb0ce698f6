using System.CommandLine.Parsing;
using System.Globalization;

namespace Kilde.Host.Commands;

/// <summary>A part of the whole, 0–1, as people write it: 2% or 0.02.</summary>
internal readonly record struct Share(double Value)
{
    public static bool TryParse(string text, out Share share)
    {
        var isPercent = text.EndsWith('%');
        var isNumber = double.TryParse(
            text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        share = new Share(isPercent ? number / 100 : number);
        return isNumber && share.Value is >= 0 and <= 1;
    }

    /// <summary>For an option; what cannot be read is told as an error of the call.</summary>
    public static Share Parse(ArgumentResult given)
    {
        if (TryParse(given.Tokens[0].Value, out var share)) return share;
        given.AddError($"'{given.Tokens[0].Value}' is not a share such as 2% or 0.02.");
        return default;
    }
}
