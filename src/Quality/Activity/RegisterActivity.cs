using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Register.Contacts;

namespace Kilde.Quality.Activity;

/// <summary>The register's own counts, by the same form as the file's.</summary>
internal sealed class RegisterActivity(CountActivity activity, CountRecords records, ActivityForms forms)
    : IRegisterCounts
{
    public async Task<RegisterCounts?> CountAsync(FeedbackCase subject, CancellationToken cancellation)
    {
        if (subject is not { Institutions.Count: > 0, Message: { From: { } from, To: { } to } }
            || forms.Find(subject.Message.Type) is not { } form)
            return null;
        return new RegisterCounts(
            await CellsAsync(
                form, subject.Institutions, DataYear.Of(from), form.IsPerPeriod ? null : (from, to), cancellation),
            await CellsAsync(
                form, subject.Institutions, DataYear.Of(from.AddYears(-1)), (from.AddYears(-1), YearBefore(to)),
                cancellation));
    }

    /// <summary>The same day a year before; the last of a month for the last of a month, 29 February too.</summary>
    internal static DateOnly YearBefore(DateOnly day)
    {
        var next = day.AddDays(1);
        return next.Day == 1 ? next.AddYears(-1).AddDays(-1) : day.AddYears(-1);
    }

    public async Task<PairCounts?> CountPairAsync(FeedbackCase subject, CancellationToken cancellation)
    {
        if (subject is not { Institutions.Count: > 0, Message.To: { } to }) return null;
        var patients = await activity.CountPatientsAsync(subject.Institutions, DataYear.Of(to), cancellation);
        return patients is null
            ? null
            : new PairCounts(patients.WithoutActivity, patients.WithoutIdentity) { Active = patients.Active };
    }

    // The newest file of the year is all there is of it, so it is held against all of it; last year is cut at the day
    // the file reaches to. Where messages bring what is new, only what is of the message's own days compares.
    private async Task<IReadOnlyList<ActivityCell>> CellsAsync(
        ActivityForm form, IReadOnlyList<string> institutions, DataYear year, (DateOnly From, DateOnly To)? days,
        CancellationToken cancellation)
    {
        var names = new UnitNames();
        if (form.UnitTable is { } units)
        {
            foreach (var (sender, unit, name) in await records.UnitNamesAsync(
                units, ActivityForm.UnitIdColumn, ActivityForm.UnitNameColumn, form.MessageType, institutions,
                year, cancellation))
                names.Add(sender, unit, name);
        }

        List<ActivityCell> cells = [];
        foreach (var count in form.Counts)
        {
            var lines = await records.CountAsync(CountOf(form, count), institutions, year, days, cancellation);
            cells.AddRange(ActivityCells.Of(count, names, lines.Select(line => RawOf(count, line)).OfType<RawCell>()));
        }

        return cells;
    }

    private static RawCell? RawOf(ActivityCount count, CountRecords.Line line)
    {
        List<string> tokens = [];
        for (var i = 0; i < count.Keys.Count; i++)
        {
            if (count.Keys[i].TokenOf(line.Keys[i]) is not { } token) return null;
            tokens.Add(token);
        }

        return new RawCell(line.Sender, line.Field ?? "", tokens, line.Amounts);
    }

    private static RecordCount CountOf(ActivityForm form, ActivityCount count) => new(
        form.Type.Table, form.IsPerPeriod ? form.MessageType : null, form.SectorColumn,
        [.. count.Keys.Select(key => KeyOf(form, key))],
        [
            .. count.Amounts.Select(amount => (CountedAmount)(amount.Kind switch
            {
                AmountKind.Missing => new CountedAmount.Missing(amount.Column!),
                AmountKind.Sum when count.Each is not null => new CountedAmount.ItemSum(amount.Column!),
                AmountKind.Sum => new CountedAmount.Sum(amount.Column!),
                AmountKind.Persons => new CountedAmount.Persons(),
                _ => new CountedAmount.Rows(),
            })),
        ],
        count.Each is { } each ? new CountedItems(each.Column, each.Path) : null);

    private static CountedBy KeyOf(ActivityForm form, ActivityKey key) => key.Source switch
    {
        KeySource.Month => new CountedBy.Month(
            key.Column!,
            form.Type.Columns.First(column => column.Name == key.Column).Kind == Definitions.Model.ColumnKind.Instant),
        KeySource.Column => new CountedBy.Value(key.Column!),
        KeySource.Item => new CountedBy.Item(key.Column!),
        KeySource.Unit => new CountedBy.Reference(
            ActivityForm.ReferenceColumn, ActivityForm.ReferenceKindColumn, key.UnitKind!),
        _ => new CountedBy.Sender(),
    };
}
