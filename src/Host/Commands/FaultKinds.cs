using System.CommandLine.Parsing;
using Kilde.Synthetic;

namespace Kilde.Host.Commands;

/// <summary>The kinds of error a call names. There are too many to list for every slip.</summary>
internal static class FaultKinds
{
    private const int SuggestedMax = 8;

    /// <summary>For an option; what cannot be read is told as an error of the call.</summary>
    public static FileFault[] Parse(ArgumentResult given)
    {
        var kinds = new List<FileFault>();
        foreach (var token in given.Tokens)
        {
            if (Array.Find(Enum.GetNames<FileFault>(), name => IsSame(name, token.Value)) is { } name)
                kinds.Add(Enum.Parse<FileFault>(name));
            else given.AddError($"'{token.Value}' is not a kind of error. {Suggestion(token.Value)}");
        }

        return [.. kinds.Distinct()];
    }

    private static string Suggestion(string text)
    {
        var like = Enum.GetNames<FileFault>().Where(name => name.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Take(SuggestedMax).ToList();
        return like.Count == 0 ? "docs/modules/synthetic-faults.md lists them." : $"Is it {string.Join(", ", like)}?";
    }

    private static bool IsSame(string name, string text) => name.Equals(text, StringComparison.OrdinalIgnoreCase);
}
