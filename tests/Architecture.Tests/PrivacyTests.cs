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
        "src/Identity/Crypto/BlindIndex.cs", // finds a number without decrypting any
        "src/Identity/Resolving/NewIdentifiers.cs", // encrypts it
        "src/Quality/Returning/ReturnRecords.cs", // gives a sender back what it sent (R3.18)

        // These write messages about persons who do not exist.
        "src/Synthetic/Hospitals/IdentityFile.cs", "src/Synthetic/Messages/MessageWriter.cs",
        "src/Synthetic/People/PersonXml.cs", "src/Synthetic/Services/PopulationFeed.cs",
        "src/Synthetic/Services/ServiceFeed.cs",
    ];

    /// <summary>The files that have the digits before they are an identifier, each with its reason.</summary>
    private static readonly string[] MayParse =
    [
        "src/Audit/AuditLog.cs", // refuses them
        "src/Definitions/Compiling/Rules/ExampleCompiler.cs", // refuses others than synthetic ones in rule files
        "src/Definitions/Reading/IdentifierPlans.cs", // reads JSON messages
        "src/Definitions/Reading/Xml/RowKeeper.cs", // reads XML messages
        "src/Identity/RevealPersons.cs", // decrypts
        "src/Kernel/IdentifierInText.cs", // finds them where none belongs
        "src/Platform/SignIn/IdTokenCheck.cs", // refuses them
        "src/Quality/Completeness/RegistryList.cs", // reads a quality registry's list
        "src/Synthetic/People/PersonNumbers.cs", // makes numbers of persons who do not exist
    ];

    /// <summary>
    /// Sex and birth year are never derived from a number except as a quality check: its file is the one that looks at
    /// the digits, and it answers only whether they agree with what was reported. Who asks it is named here, and may
    /// not keep the answer as the person's sex or birth year.
    /// </summary>
    private static readonly string[] MayCompareDigits =
    [
        "src/Definitions/Rules/Conditions/AgreesWithNumberCondition.cs", // a remark to the sender (R7.02)
        "src/Kernel/NumberAgreement.cs",
    ];

    [Fact]
    public void Only_the_vault_reads_a_number_in_clear_text() =>
        FilesWith(@"\.Reveal\(").ShouldBe(MayReveal, ignoreOrder: true);

    [Fact]
    public void Only_those_who_read_messages_and_lists_have_the_digits_at_hand() =>
        FilesWith(@"\bPersonIdentifier\.(Try)?(Parse|FromNumber)\(").ShouldBe(MayParse, ignoreOrder: true);

    [Fact]
    public void Sex_and_birth_year_are_read_from_a_number_by_the_quality_check_alone() =>
        FilesWith(@"\bNumberQualityCheck\b|\.CopyDigits\(").ShouldBe(MayCompareDigits, ignoreOrder: true);

    private static IEnumerable<string> FilesWith(string pattern) =>
        Repository.Files("src", "*.cs")
            .Where(path => Regex.IsMatch(
                File.ReadAllText(path), pattern, RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)))
            .Select(Repository.Relative);

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
