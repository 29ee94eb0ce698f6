using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Synthetic.Tests;

/// <summary>The synthetic messages against the definitions that the register reads them by.</summary>
public class DefinedMessagesTests
{
    private static readonly DateOnly Friday = new(2026, 11, 20);

    // The remark on a record that counts as activity but of nobody known.
    private const string NoIdentifier = "IDE-006";

    private static readonly DefinitionCatalogue Catalogue = RepositoryDefinitions.Catalogue;

    [Fact]
    public void Sound_messages_are_accepted_and_only_people_without_a_number_are_remarked_on()
    {
        var norway = SyntheticNorway.Create(5, new NorwaySize(Units: 40, PersonsPerUnit: 200));
        var types = new HashSet<string>();
        foreach (var message in Days(6).SelectMany(norway.MessagesOf))
        {
            var content = Read(message);

            content.Findings.Select(finding => finding.RuleId).Distinct().ShouldBeSubsetOf([NoIdentifier]);
            content.Findings.Count.ShouldBe(content.Batches.Sum(batch => batch.Persons.Count(IsNameless)));
            content.IsAccepted.ShouldBeTrue();
            content.Batches.Sum(batch => batch.Count + batch.DeletedLocalIds.Count).ShouldBe(message.Records);
            types.Add(message.Type);
            norway.TypesOf(message.Unit).ShouldContain(message.Type);
        }

        types.Count.ShouldBe(3);
    }

    [Fact]
    public void What_the_other_units_tell_gives_no_finding_and_every_type_is_told()
    {
        var norway = SyntheticNorway.Create(5, NorwaySize.Small);
        var types = new HashSet<string>();
        foreach (var message in Days(40).SelectMany(norway.ServiceMessagesOf))
        {
            var content = Read(message);

            content.Findings.Where(finding => finding.RuleId != NoIdentifier).ShouldBeEmpty(message.Type);
            content.Batches.Sum(batch => batch.Count + batch.DeletedLocalIds.Count).ShouldBe(message.Records);
            types.Add(message.Type);
            norway.TypesOf(message.Unit).ShouldContain(message.Type);
        }

        var child = norway.MessagesOf(Friday).Select(message => message.Type);
        types.Union(child).ShouldBe(
            Catalogue.MessageTypes.Where(type => type.Format == WireFormat.Json).Select(type => type.Name),
            ignoreOrder: true);
    }

    [Theory]
    [InlineData(ErrorKind.WrongIdentifier)]
    [InlineData(ErrorKind.UnknownCode)]
    [InlineData(ErrorKind.MissingRequired)]
    [InlineData(ErrorKind.ImpossibleYear)]
    [InlineData(ErrorKind.DuplicateKey)]
    [InlineData(ErrorKind.Truncated)]
    [InlineData(ErrorKind.WrongType)]
    [InlineData(ErrorKind.WrongUnit)]
    public void A_seeded_error_is_found_where_it_was_put(ErrorKind kind)
    {
        var norway = SyntheticNorway.Create(5, NorwaySize.Small, ErrorMix.Only(kind, share: 1));
        var wrong = Days(2).SelectMany(norway.MessagesOf).Where(message => !message.IsSound).ToList();

        foreach (var message in wrong)
        {
            var findings = Read(message).Findings;
            var path = message.Seeded.Single().Path;
            findings.ShouldContain(finding => finding.Path.StartsWith(path, StringComparison.Ordinal), path);
        }

        wrong.Count.ShouldBeGreaterThan(20);
    }

    private static bool IsNameless(RowPerson person) => !person.HasIdentifier;

    private static MessageContent Read(SyntheticMessage message) =>
        Catalogue.FindReader(message.Type, message.Version)!
            .Read(message.Json.Span, new ReadOptions(PersonIdentifierPolicy.Test, message.Day));

    private static IEnumerable<DateOnly> Days(int count) =>
        Enumerable.Range(0, count).Select(number => Friday.AddDays(number));
}
