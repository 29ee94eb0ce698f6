using FsCheck;
using FsCheck.Fluent;

namespace Kilde.Kernel.Tests;

public class PersonIdentifierProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static Gen<string> Numbers { get; } =
        from day in Gen.Choose(1, 28)
        from dNumber in Gen.Elements(0, 40)
        from month in Gen.Choose(1, 12)
        from marker in Gen.Elements(80, 65, 40)
        from year in Gen.Choose(0, 99)
        from serial in Gen.Choose(40, 999)
        from remainder in Gen.Choose(0, 3)
        select MakeNear(day + dNumber, month + marker, year, serial, remainder);

    [Fact]
    public void Reading_and_writing_gives_the_same_number() =>
        Prop.ForAll(Numbers.ToArbitrary(), text =>
        {
            Span<byte> utf8 = stackalloc byte[12];
            var identifier = PersonIdentifier.Parse(text);
            var written = identifier.Reveal(utf8);
            return identifier.Reveal() == text
                && PersonIdentifier.TryParse(utf8[..written], out var fromUtf8) && fromUtf8 == identifier
                && PersonIdentifier.TryFromNumber(long.Parse(text), out var fromNumber) && fromNumber == identifier;
        }).Check(Thorough);

    [Fact]
    public void Any_single_wrong_digit_is_caught() =>
        Prop.ForAll(Numbers.ToArbitrary(), text =>
            Enumerable.Range(0, 11).All(place => Enumerable.Range(0, 10)
                .Select(digit => $"{text[..place]}{digit}{text[(place + 1)..]}")
                .All(wrong => wrong == text || !PersonIdentifier.TryParse(wrong, out _))))
            .Check(Thorough);

    [Fact]
    public void Two_neighbours_that_changed_places_are_caught() =>
        Prop.ForAll(Numbers.ToArbitrary(), text =>
            Enumerable.Range(0, 10)
                .Select(place => $"{text[..place]}{text[place + 1]}{text[place]}{text[(place + 2)..]}")
                .All(wrong => wrong == text || !PersonIdentifier.TryParse(wrong, out _)))
            .Check(Thorough);

    [Fact]
    public void Any_text_is_read_or_refused_without_an_exception() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var isRead = PersonIdentifier.TryParse(text ?? "", out var identifier);
            return isRead == (identifier.Kind != PersonIdentifierKind.None)
                && !OrganizationNumber.TryParse(text ?? "", out _)
                && !MunicipalityCode.TryParse(text ?? "", out _);
        }).Check(Thorough);

    [Fact]
    public void Any_number_is_read_or_refused_without_an_exception() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), number =>
            PersonIdentifier.TryFromNumber(number, out var identifier) == (identifier != default)
            && OrganizationNumber.TryFromNumber(number, out var organization) == (organization != default)
            && MunicipalityCode.TryFromNumber(number, out var municipality) == (municipality != default)
            && HprNumber.TryFromNumber(number, out var hpr) == (hpr != default))
            .Check(Thorough);

    // A serial without a number is skipped, as the register does.
    private static string MakeNear(int day, int month, int year, int serial, int remainder)
    {
        for (; ; serial--)
            if (SyntheticNumber.TryMake(day, month, year, serial, remainder) is { } number) return number;
    }
}
