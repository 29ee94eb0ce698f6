using System.CommandLine.Parsing;
using System.Globalization;
using Kilde.Synthetic;

namespace Kilde.Host.Commands;

/// <summary>The kinds of error that a call names, with how often each: WrongIdentifier=3 UnknownCode.</summary>
internal static class ErrorKinds
{
    private const int WeightMax = 1000;

    /// <summary>For an option; what cannot be read is told as an error of the call.</summary>
    public static Dictionary<ErrorKind, int> Parse(ArgumentResult given)
    {
        var weights = new Dictionary<ErrorKind, int>();
        foreach (var token in given.Tokens)
        {
            var (name, weight) = token.Value.Split('=') switch
            {
                [var one] => (one, 1),
                [var one, var text] when int.TryParse(
                    text, NumberStyles.None, CultureInfo.InvariantCulture, out var often) => (one, often),
                _ => (token.Value, 0),
            };
            var known = Enum.GetNames<ErrorKind>();
            var found = Array.Find(known, kind => kind.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found is null || weight is < 1 or > WeightMax)
                given.AddError($"'{token.Value}' is not a kind of error, of {string.Join(", ", known)}, nor one with "
                    + "its weight, such as WrongType=3.");
            else weights[Enum.Parse<ErrorKind>(found)] = weight;
        }

        return weights;
    }
}
