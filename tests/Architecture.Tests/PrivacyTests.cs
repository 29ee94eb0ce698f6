using System.Text.RegularExpressions;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Architecture.Tests;

/// <summary>Privacy in code: who may see a number in clear text, and what lies in the tree (R4.20).</summary>
public partial class PrivacyTests
{
    /// <summary>The files that may read a clear-text number, each with its reason.</summary>
    private static readonly string[] MayReveal =
    [
        "src/Kernel/PersonIdentifier.cs", // the definition
        "src/Identity/", // the vault
        "src/Quality/Returning/ReturnRecords.cs", // gives a sender back what it sent (R3.18)
        "src/Synthetic/", // writes messages about persons who do not exist
    ];

    [Fact]
    public void Only_the_vault_reads_a_number_in_clear_text() =>
        Repository.Files("src", "*.cs")
            .Where(path => File.ReadAllText(path).Contains(".Reveal(", StringComparison.Ordinal))
            .Select(Repository.Relative)
            .Where(path => !MayReveal.Any(allowed => path.StartsWith(allowed, StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Fact]
    public void No_number_of_a_living_person_can_stand_in_the_tree()
    {
        var real =
            from path in Repository.Tracked()
            from Match number in ElevenDigits.Matches(File.ReadAllText(path))
            where PersonIdentifier.TryParse(number.Value, out var identifier)
                && identifier.Marker == SyntheticMarker.None
                && identifier.Kind is PersonIdentifierKind.NationalIdentityNumber or PersonIdentifierKind.DNumber
            select $"{Repository.Relative(path)} at {number.Index}";

        real.ShouldBeEmpty();
    }

    [GeneratedRegex(@"(?<![0-9A-Za-z.])[0-9]{11}(?![0-9A-Za-z])", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ElevenDigits { get; }
}
