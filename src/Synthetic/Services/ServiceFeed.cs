using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>
/// What one kind of unit tells of a day in one type of message. A message holds what happened to some of the
/// municipality's inhabitants; any day can be made without the days before it.
/// </summary>
/// <param name="sender">The kind of unit that sends the type.</param>
internal abstract class ServiceFeed(ulong seed, UnitKind sender, string type)
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:sszzz";
    private const int SentAtMinute = 20 * 60;
    private const int TriesPerPerson = 60;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Inhabitants _inhabitants = new(seed);

    public UnitKind Sender { get; } = sender;

    public string Type { get; } = type;

    /// <summary>The unit's message of the day; null when nothing happened.</summary>
    public SyntheticMessage? MessageOf(SyntheticUnit unit, DateOnly day)
    {
        var chance = Chance.Of(seed, Topic.Service, unit.Index, day.DayNumber, Type.Length * 1_000 + Type[0]);
        var people = PeopleOf(unit, day, ref chance);
        if (people.Count == 0) return null;
        var buffer = new ArrayBufferWriter<byte>();
        int records;
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteNumber("orgNr", unit.Number.Number);
            if (TellsPlace) json.WriteString("kommuneNr", $"{unit.Municipality}");
            records = WriteRecords(json, new ServiceDay(unit, day, people), ref chance);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return new SyntheticMessage(
            Type, "1", unit, day, Sequence: 0, OsloTime.At(day, SentAtMinute), records, buffer.WrittenSpan.ToArray(),
            []);
    }

    /// <summary>The most people a day's message is about.</summary>
    protected virtual int PeopleMax => 6;

    /// <summary>True when the unit's municipality stands beside its number.</summary>
    protected virtual bool TellsPlace => true;

    protected abstract bool Concerns(Inhabitant person, DateOnly day);

    /// <returns>How many records were written, deletions included.</returns>
    protected abstract int WriteRecords(Utf8JsonWriter json, ServiceDay told, ref Chance chance);

    /// <summary>A list with one record for each.</summary>
    protected static int WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0) return 0;
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return items.Count;
    }

    protected static void WritePerson(
        Utf8JsonWriter json, Inhabitant person, DateOnly day, string block = "person")
    {
        var number = person.NumberOn(day);
        json.WriteStartObject(block);
        json.WriteString("personId", $"I{person.Index}");
        if (number != default)
        {
            var name = number.Kind == Kernel.PersonIdentifierKind.DNumber ? "dNr" : "fodselsNr";
            json.WriteString(name, number.Reveal());
        }

        json.WriteEndObject();
    }

    protected static void WriteDay(Utf8JsonWriter json, string name, DateOnly day) =>
        json.WriteString(name, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    protected static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.ToString(Instant, CultureInfo.InvariantCulture));

    private List<Inhabitant> PeopleOf(SyntheticUnit unit, DateOnly day, ref Chance chance)
    {
        var people = new List<Inhabitant>();
        var inhabitants = Inhabitants.CountOf(unit.Municipality);
        var wanted = chance.Between(1, PeopleMax);
        for (var tries = 0; tries < wanted * TriesPerPerson && people.Count < wanted; tries++)
        {
            var person = _inhabitants.Get(unit.Municipality, chance.Below(inhabitants));
            if (person.IsAliveOn(day) && Concerns(person, day) && !people.Exists(met => met.Index == person.Index))
                people.Add(person);
        }

        return people;
    }
}

/// <summary>Whom a unit tells of on a day.</summary>
internal sealed record ServiceDay(SyntheticUnit Unit, DateOnly Day, IReadOnlyList<Inhabitant> People)
{
    /// <summary>An id that the unit gives no other record of the kind.</summary>
    public string IdOf(string prefix, Inhabitant person) => $"{prefix}{Day.DayNumber}-{person.Index}";
}
