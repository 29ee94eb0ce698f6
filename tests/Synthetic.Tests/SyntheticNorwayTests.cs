using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Kilde.Kernel;

namespace Kilde.Synthetic.Tests;

public class SyntheticNorwayTests
{
    private static readonly DateOnly Friday = new(2026, 11, 20);

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        Digest(seed: 7).ShouldBe(Digest(seed: 7));
        Digest(seed: 7).ShouldNotBe(Digest(seed: 8));

        static string Digest(long seed) => Convert.ToHexString(SHA256.HashData(
            [.. SyntheticNorway.Create(seed, NorwaySize.Small).MessagesOf(Friday).SelectMany(m => m.Json.ToArray())]));
    }

    [Fact]
    public void A_small_norway_has_a_dozen_units_two_thousand_people_and_140_messages_a_day()
    {
        var norway = SyntheticNorway.Create(1, NorwaySize.Small);

        norway.Units.Count.ShouldBe(12);
        norway.Units.Sum(unit => norway.PersonsOf(unit, Friday).Count()).ShouldBeInRange(1_800, 2_300);
        Days(28).Average(day => norway.MessagesOf(day).Count()).ShouldBeInRange(120, 160);
        norway.MessagesOf(Friday.AddDays(1)).ShouldBeEmpty();
    }

    [Fact]
    public void The_first_units_are_helsestasjoner_in_the_pilot_municipalities()
    {
        var names = SyntheticNorway.Create(1, NorwaySize.Small).Units.Take(8).Select(unit => unit.Municipality.Name);

        names.ShouldBe(
        [
            "Kinn", "Sokndal", "Fredrikstad", "Kristiansund", "Evje og Hornnes", "Bykle", "Bygland", "Valle",
        ]);
    }

    [Fact]
    public void All_numbers_are_synthetic_valid_and_different()
    {
        var norway = SyntheticNorway.Create(1, new NorwaySize(Units: 60, PersonsPerUnit: 300));
        var people = norway.Units.SelectMany(unit => norway.PersonsOf(unit, Friday)).ToList();
        var numbers = people.SelectMany(person => new[] { person.NationalNumber, person.DNumber })
            .Where(number => number != default).ToList();

        numbers.ShouldAllBe(number => number.Marker == SyntheticMarker.Tenor80);
        numbers.Distinct().Count().ShouldBe(numbers.Count);
        foreach (var standing in Enum.GetValues<PersonStanding>())
            people.Count(person => person.Standing == standing).ShouldBeGreaterThan(people.Count / 100);
        people.Count(person => person.NationalNumber != default
            && NumberQualityCheck.Compare(person.NationalNumber, person.BornOn.Year, person.IsFemale)
                == NumberAgreement.NotComparable).ShouldBeInRange(1, people.Count / 20);
        numbers.Count(number => number.Kind == PersonIdentifierKind.DNumber)
            .ShouldBeInRange(people.Count / 40, people.Count / 10);
        people.Count(person => new[] { person.NationalNumber, person.DNumber }.Any(number =>
            NumberQualityCheck.Compare(number, person.BornOn.Year, person.IsFemale) >= NumberAgreement.SexDiffers))
            .ShouldBe(0);
    }

    [Fact]
    public void Every_birthday_has_room_for_all_its_slots()
    {
        for (var day = new DateOnly(1940, 1, 1); day.Year < 2030; day = day.AddDays(7))
        {
            var serial = PersonNumbers.SerialOf(day, PersonNumbers.SlotsMax - 1);
            PersonNumbers.Make(day, serial, isDNumber: false, isNewSeries: true)
                .Marker.ShouldBe(SyntheticMarker.Tenor80);
            serial.ShouldBeInRange(day.Year < 2000 ? 0 : 500, day.Year < 2000 ? 499 : 999);
        }
    }

    [Fact]
    public void Units_have_synthetic_numbers_of_their_own()
    {
        var units = SyntheticNorway.Create(1, NorwaySize.Large).Units;

        units.ShouldAllBe(unit => unit.Number.IsSynthetic && unit.Enterprise.IsSynthetic);
        units.Select(unit => unit.Number).Distinct().Count().ShouldBe(units.Count);
        units.SelectMany(unit => unit.Staff).Select(professional => professional.Number).Distinct().Count()
            .ShouldBe(units.Sum(unit => unit.Staff.Count));
        SyntheticNorway.Products.ShouldAllBe(product => product.VendorNumber.IsSynthetic);
    }

    [Fact]
    public void Units_upgrade_as_versions_are_released()
    {
        var unit = SyntheticNorway.Create(1, NorwaySize.Small).Units[0];

        unit.VersionOn(new DateOnly(2024, 6, 1)).ShouldBe(unit.Product.Versions[0]);
        unit.VersionOn(new DateOnly(2030, 1, 1)).ShouldBe(unit.Product.Versions[^1]);
    }

    [Fact]
    public void Appointments_become_consultations_and_what_is_deleted_or_corrected_was_there_before()
    {
        var norway = SyntheticNorway.Create(3, NorwaySize.Small);
        var appointments = new HashSet<string>();
        var consultations = new Dictionary<string, string>();
        var (corrected, deleted, cancelled, met) = (0, 0, 0, 0);

        foreach (var message in Days(90).SelectMany(norway.MessagesOf))
        {
            using var json = JsonDocument.Parse(message.Json);
            var block = json.RootElement[0];
            foreach (var record in Records(block, "avtale"))
                appointments.Add(record.GetProperty("avtaleId").GetString()!);
            foreach (var record in Records(block, "slettAvtale"))
            {
                if (IsEarly(message.Day)) continue;
                appointments.ShouldContain(record.GetProperty("avtaleId").GetString()!);
                cancelled++;
            }

            foreach (var record in Records(block, "konsultasjon"))
            {
                var id = record.GetProperty("konsultasjonId").GetString()!;
                if (record.TryGetProperty("avtaleId", out var avtale) && !IsEarly(message.Day))
                {
                    appointments.ShouldContain(avtale.GetString()!);
                    met++;
                }

                if (consultations.TryGetValue(id, out var before))
                {
                    record.GetRawText().ShouldNotBe(before);
                    corrected++;
                }

                consultations[id] = record.GetRawText();
            }

            foreach (var record in Records(block, "slettKonsultasjon"))
            {
                if (IsEarly(message.Day)) continue;
                consultations.ShouldContainKey(record.GetProperty("konsultasjonId").GetString()!);
                deleted++;
            }
        }

        corrected.ShouldBeGreaterThan(10);
        deleted.ShouldBeGreaterThan(3);
        cancelled.ShouldBeGreaterThan(4);
        met.ShouldBeGreaterThan(500);

        static bool IsEarly(DateOnly day) => day < Friday.AddDays(50);
    }

    [Fact]
    public void Children_grow()
    {
        var norway = SyntheticNorway.Create(3, NorwaySize.Small);
        var heights = new Dictionary<string, List<(DateTimeOffset At, decimal Height)>>();
        foreach (var message in Days(90).SelectMany(norway.MessagesOf))
        {
            using var json = JsonDocument.Parse(message.Json);
            foreach (var record in Records(json.RootElement[0], "konsultasjon"))
            {
                if (!record.TryGetProperty("hoydeMaaling", out var measured)) continue;
                var journal = record.GetProperty("journalId").GetString()!;
                if (!heights.TryGetValue(journal, out var list)) heights[journal] = list = [];
                var at = measured.GetProperty("dato").GetDateTimeOffset();
                list.Add((at, measured.GetProperty("hoyde").GetDecimal()));
            }
        }

        foreach (var list in heights.Values)
            list.OrderBy(item => item.At).Select(item => item.Height).ShouldBeInOrder();
        heights.Values.Count(list => list.Count > 1).ShouldBeGreaterThan(50);
    }

    [Fact]
    public void A_person_who_settles_is_sent_with_both_numbers_from_then_on()
    {
        var norway = SyntheticNorway.Create(1, NorwaySize.Small);
        var person = norway.PersonsOf(norway.Units[0], Friday)
            .First(person => person.Standing == PersonStanding.BecomesResident);

        person.KnownOn(person.SettledOn!.Value.AddDays(-1)).ShouldBe((default, person.DNumber));
        person.KnownOn(person.SettledOn!.Value).ShouldBe((person.NationalNumber, person.DNumber));
    }

    [Fact]
    public void Each_kind_of_error_can_be_seeded_and_is_told()
    {
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            var norway = SyntheticNorway.Create(1, NorwaySize.Small, ErrorMix.Only(kind, share: 1));
            var wrong = norway.MessagesOf(Friday).Where(message => !message.IsSound).ToList();

            wrong.Count.ShouldBeGreaterThan(20);
            wrong.ShouldAllBe(message => message.Seeded.Single().Kind == kind);
            IsJson(wrong[0].Json).ShouldBe(kind != ErrorKind.Truncated);
        }
    }

    [Fact]
    public void About_the_chosen_share_of_messages_is_wrong()
    {
        var norway = SyntheticNorway.Create(1, NorwaySize.Small, ErrorMix.Common(share: 0.2));
        var messages = Days(15).SelectMany(norway.MessagesOf).ToList();

        messages.Average(message => message.IsSound ? 0.0 : 1.0).ShouldBeInRange(0.14, 0.22);
        messages.SelectMany(message => message.Seeded).Select(error => error.Kind).Distinct().Count().ShouldBe(9);
    }

    [Fact]
    public void A_wrong_identifier_is_wrong_and_still_has_its_marker()
    {
        var norway = SyntheticNorway.Create(1, NorwaySize.Small, ErrorMix.Only(ErrorKind.WrongIdentifier, share: 1));
        foreach (var message in norway.MessagesOf(Friday).Where(message => !message.IsSound))
        {
            using var json = JsonDocument.Parse(message.Json);
            var steps = message.Seeded[0].Path.Split('/');
            var number = json.RootElement[0].GetProperty(steps[2])[int.Parse(steps[3], CultureInfo.InvariantCulture)]
                .GetProperty("person").GetProperty("fodselsNr").ToString().PadLeft(11, '0');
            PersonIdentifier.TryParse(number, out _).ShouldBeFalse();
            number[2].ShouldBeInRange('8', '9');
        }
    }

    [Theory]
    [InlineData(2026, 3, 27, 1)]
    [InlineData(2026, 3, 30, 2)]
    [InlineData(2026, 10, 23, 2)]
    [InlineData(2026, 10, 26, 1)]
    public void Clock_times_follow_norwegian_summer_time(int year, int month, int day, int hours) =>
        OsloTime.At(new DateOnly(year, month, day), minuteOfDay: 600).Offset.ShouldBe(TimeSpan.FromHours(hours));

    private static IEnumerable<DateOnly> Days(int count) => Enumerable.Range(0, count)
        .Select(number => Friday.AddDays(number)).Where(OsloTime.IsWorkDay);

    private static JsonElement.ArrayEnumerator Records(JsonElement block, string name) =>
        block.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;

    private static bool IsJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            JsonDocument.Parse(bytes).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
