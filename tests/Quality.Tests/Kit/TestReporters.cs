using Kilde.Kernel;
using Kilde.Synthetic;

namespace Kilde.Quality.Tests.Kit;

/// <summary>Two senders, and a few synthetic persons whom they report.</summary>
internal static class TestReporters
{
    public static OrganizationNumber Sender { get; } = OrganizationNumber.Parse("974760673");

    public static OrganizationNumber Other { get; } = OrganizationNumber.Parse("889640782");

    public static IReadOnlyList<OrganizationNumber> Senders { get; } = [Sender, Other];

    /// <summary>National identity numbers of thirty persons.</summary>
    public static IReadOnlyList<string> ManyPersons { get; } = [.. NumbersOfPersons().Take(30)];

    /// <summary>Four of them.</summary>
    public static IReadOnlyList<string> Persons { get; } = [.. ManyPersons.Take(4)];

    /// <summary>The first of them.</summary>
    public static string Person => Persons[0];

    private static IEnumerable<string> NumbersOfPersons()
    {
        var norway = SyntheticNorway.Create(7, NorwaySize.Small);
        return norway.PersonsOf(norway.Units[0], new DateOnly(2024, 1, 1))
            .Where(person => person.NationalNumber != default)
            .Select(person => person.NationalNumber.Reveal());
    }
}
