using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kilde.Synthetic;

/// <summary>
/// Writes the events of a unit as messages in the form FHI's Slash service takes (message-formats § 5).
/// </summary>
internal sealed class MessageWriter(ulong seed)
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:sszzz";
    private const double SendsTextNumbers = 0.3;
    private const double GivesLocalCode = 0.15;
    private const int ContactMinutesMin = 15;
    private const int ContactMinutesMax = 50;

    // Norwegian letters and the plus sign of a time zone as they are, like most systems write them.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The message of one type that the events give rise to; null when they give none.</summary>
    public (byte[] Json, int Records)? Write(
        Shape shape, SyntheticUnit unit, IReadOnlyList<VisitEvent> events, Func<long, SyntheticPerson> personOf,
        DateOnly day)
    {
        var deletions = events.Where(happened => Deletes(shape, happened)).ToList();
        var records = events.Where(happened => Reports(shape, happened)).ToList();
        if (deletions.Count + records.Count == 0) return null;

        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, Options))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            WriteUnit(json, shape, unit);
            if (deletions.Count > 0) WriteDeletions(json, shape, unit, deletions);
            json.WriteStartArray(shape.Records);
            foreach (var record in records) WriteRecord(json, shape, unit, record, personOf(record.Visit.Person), day);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return (_buffer.WrittenSpan.ToArray(), deletions.Count + records.Count);
    }

    // Some systems delete an appointment that is called off, others keep it with a status.
    private static bool DeletesCancelled(VisitEvent happened) => happened.Visit.Person % 2 == 0;

    private static bool Deletes(Shape shape, VisitEvent happened) => shape == Shape.Appointment
        ? happened.Kind == VisitEventKind.Cancelled && DeletesCancelled(happened)
        : happened.Kind == VisitEventKind.Deleted;

    private static bool Reports(Shape shape, VisitEvent happened) => happened.Kind switch
    {
        VisitEventKind.Booked or VisitEventKind.NoShow => shape == Shape.Appointment,
        VisitEventKind.Cancelled => shape == Shape.Appointment && !DeletesCancelled(happened),
        VisitEventKind.Met => shape != Shape.Appointment || happened.Visit.BookedOn is not null,
        VisitEventKind.Corrected => shape == Shape.Consultation,
        _ => false,
    };

    private static void WriteUnit(Utf8JsonWriter json, Shape shape, SyntheticUnit unit)
    {
        json.WriteNumber("orgNr", unit.Number.Number);
        json.WriteNumber("kommuneNr", unit.Municipality.Number);
        if (shape != Shape.Contact && unit.District is { } district) json.WriteString("bydelNr", district.ToString());
    }

    private static void WriteDeletions(
        Utf8JsonWriter json, Shape shape, SyntheticUnit unit, List<VisitEvent> deletions)
    {
        json.WriteStartArray(shape.Deletions);
        foreach (var (visit, _, _) in deletions)
        {
            json.WriteStartObject();
            json.WriteString(shape.Key, IdOf(shape, unit, visit));
            json.WriteBoolean(Shape.Deleted, value: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRecord(
        Utf8JsonWriter json, Shape shape, SyntheticUnit unit, VisitEvent happened, SyntheticPerson person, DateOnly day)
    {
        var chance = Chance.Of(seed, Topic.Measurement, unit.Index, person.Index, happened.Visit.Id);
        json.WriteStartObject();
        json.WriteString(shape.Key, IdOf(shape, unit, happened.Visit));
        if (shape == Shape.Appointment) WriteAppointment(json, unit, happened, person);
        else if (shape == Shape.Consultation) WriteConsultation(json, unit, happened, person, ref chance);
        else WriteContact(json, unit, happened.Visit, ref chance);
        WritePerson(json, unit, person, day);
        json.WriteEndObject();
    }

    private static void WriteAppointment(
        Utf8JsonWriter json, SyntheticUnit unit, VisitEvent happened, SyntheticPerson person)
    {
        var visit = happened.Visit;
        json.WriteString("datoTid", Text(visit.At));
        json.WriteString("journalId", JournalOf(unit, person));
        json.WriteString("konsultasjonType", visit.Occasion.AgeStep);
        json.WriteNumber("oppmoteStatus", happened.Kind switch
        {
            VisitEventKind.Met => WireCodes.AttendanceMet,
            VisitEventKind.NoShow => WireCodes.AttendanceMissed,
            VisitEventKind.Cancelled => WireCodes.AttendanceCalledOff,
            _ => WireCodes.AttendancePlanned,
        });
        WriteLocalUnit(json, unit);
    }

    private static void WriteConsultation(
        Utf8JsonWriter json, SyntheticUnit unit, VisitEvent happened, SyntheticPerson person, ref Chance chance)
    {
        var visit = happened.Visit;
        var isHomeVisit = visit.Occasion.AgeStep == VisitProgramme.HomeVisit;
        var isGroup = !isHomeVisit && chance.Happens(0.04);
        var needsInterpreter = person.Index % 12 == 0;

        json.WriteString("datoTid", Text(visit.At));
        json.WriteNumber("tjenesteType", WireCodes.ServiceOf(unit.Kind));
        json.WriteString("konsultasjonType", visit.Occasion.AgeStep);
        if (chance.Happens(GivesLocalCode)) json.WriteString("lokalKonsultasjonType", $"LOK-{visit.Occasion.AgeStep}");
        json.WriteString("journalId", JournalOf(unit, person));
        if (visit.BookedOn is not null) json.WriteString("avtaleId", IdOf(Shape.Appointment, unit, visit));
        json.WriteNumber("erHjemmebesok", WireCodes.YesNo(isHomeVisit));
        json.WriteNumber("erGruppe", WireCodes.YesNo(isGroup));
        if (visit.Occasion.IsBaby) json.WriteNumber("ammeStatus", Breastfeeding(visit, person, ref chance));
        json.WriteNumber("behovForTolk", WireCodes.YesNo(needsInterpreter));
        if (needsInterpreter)
        {
            json.WriteString("sprak", WireCodes.LanguageOf(person.Index));
            json.WriteNumber("erBenyttetTolk", WireCodes.YesNo(chance.Happens(0.85)));
        }

        json.WriteString("kommunikasjonsform", WireCodes.ContactForm(isHomeVisit, isGroup));
        var profession = WireCodes.ProfessionOf(ProfessionalOf(unit, visit).Profession);
        json.WriteString("profesjonstype", WireCodes.Text(profession));
        WriteStaff(json, unit, visit);
        WriteMeasurements(json, happened, person, ref chance);
        WriteLocalUnit(json, unit);
    }

    private static int Breastfeeding(Visit visit, SyntheticPerson person, ref Chance chance)
    {
        var months = (visit.On.DayNumber - person.BornOn.DayNumber) / 30.4;
        var any = 0.95 - (months * 0.055);
        var full = months < 6 ? 0.8 - (months * 0.1) : 0;
        return chance.Fraction() switch
        {
            var fraction when fraction < full => WireCodes.BreastfeedingFull,
            var fraction when fraction < any => WireCodes.BreastfeedingPartial,
            _ => WireCodes.BreastfeedingNone,
        };
    }

    // The first sending may hold a slip of the pen, which the correction then puts right.
    private static void WriteMeasurements(
        Utf8JsonWriter json, VisitEvent happened, SyntheticPerson person, ref Chance chance)
    {
        var visit = happened.Visit;
        var isMeasured = visit.Occasion.IsBaby || visit.CorrectedOn is not null || chance.Happens(0.5);
        if (!isMeasured) return;
        var line = Chance.Of(0, Topic.Measurement, person.Index, person.BornOn.DayNumber);
        var (tall, heavy) = (line.Normal(), line.Normal());
        var years = (visit.On.DayNumber - person.BornOn.DayNumber) / 365.25;
        var (height, weight) = Growth.At(years, person.IsFemale, tall, heavy + (0.08 * chance.Normal()));
        if (happened.Kind == VisitEventKind.Met && visit.CorrectedOn is not null) weight += 1;

        json.WriteStartObject("hoydeMaaling");
        json.WriteString("dato", Text(visit.At));
        json.WriteNumber("hoyde", height);
        json.WriteEndObject();
        json.WriteStartObject("vektMaaling");
        json.WriteString("dato", Text(visit.At));
        json.WriteNumber("vekt", weight);
        json.WriteEndObject();
    }

    private static void WriteContact(Utf8JsonWriter json, SyntheticUnit unit, Visit visit, ref Chance chance)
    {
        var isHomeVisit = visit.Occasion.AgeStep == VisitProgramme.HomeVisit;
        json.WriteNumber("underenhetOrgNr", unit.SubUnit.Number);
        json.WriteString("startTid", Text(visit.At));
        json.WriteString("sluttTid", Text(visit.At.AddMinutes(chance.Between(ContactMinutesMin, ContactMinutesMax))));
        json.WriteString("kontaktform", WireCodes.ContactForm(isHomeVisit, isGroup: false));
        json.WriteString("tjenesteomrade", WireCodes.AreaOf(unit.Kind));
        json.WriteString("finansiering", WireCodes.FundingOf(unit));
        json.WriteStartArray("helsepersonell");
        json.WriteStartObject();
        json.WriteNumber("hprNr", ProfessionalOf(unit, visit).Number.Number);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static HealthProfessional ProfessionalOf(SyntheticUnit unit, Visit visit) =>
        unit.Staff[(int)((visit.Person + visit.Id) % unit.Staff.Count)];

    private static void WriteStaff(Utf8JsonWriter json, SyntheticUnit unit, Visit visit)
    {
        var professional = ProfessionalOf(unit, visit);
        json.WriteStartArray("helseperson");
        json.WriteStartObject();
        json.WriteNumber("hprNr", professional.Number.Number);
        json.WriteNumber("ansvarligProfesjonstype", WireCodes.ProfessionOf(professional.Profession));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteLocalUnit(Utf8JsonWriter json, SyntheticUnit unit)
    {
        json.WriteStartObject("avdeling");
        json.WriteString("lokalenhetId", $"E{unit.Index:D4}");
        json.WriteString("lokalNavn", unit.Name);
        json.WriteEndObject();
    }

    // The standard client's samples send numbers, so a fødselsnummer that begins with 0 arrives with ten digits. Some
    // systems send text.
    private void WritePerson(Utf8JsonWriter json, SyntheticUnit unit, SyntheticPerson person, DateOnly day)
    {
        var sendsText = Chance.Of(seed, Topic.Unit, unit.Index, 1).Happens(SendsTextNumbers);
        var (national, dNumber) = person.KnownOn(day);
        json.WriteStartObject("person");
        json.WriteString("personId", person.LocalId);
        if (national != default) WriteNumber(json, "fodselsNr", national, sendsText);
        if (dNumber != default) WriteNumber(json, "dNr", dNumber, sendsText);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, Kernel.PersonIdentifier identifier, bool asText)
    {
        Span<byte> digits = stackalloc byte[12];
        var written = digits[..identifier.Reveal(digits)];
        if (asText) json.WriteString(name, written);
        else json.WriteNumber(name, long.Parse(written, provider: null));
    }

    private static string JournalOf(SyntheticUnit unit, SyntheticPerson person) => $"J{unit.Index:D4}-{person.LocalId}";

    private static string IdOf(Shape shape, SyntheticUnit unit, Visit visit) =>
        $"{shape.Records[0]}{unit.Index:D4}-{visit.Person:D7}-{visit.Id:D5}";

    private static string Text(DateTimeOffset instant) => instant.ToString(Instant, CultureInfo.InvariantCulture);
}
