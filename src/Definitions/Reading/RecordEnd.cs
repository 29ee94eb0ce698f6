using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>What can only be told when a whole record has been read.</summary>
internal static class RecordEnd
{
    public static void Finish(RecordPlan plan, RecordScope scope, ReadState state)
    {
        CheckEvent(plan, scope, state);
        foreach (var order in plan.Orders) CheckOrder(order, scope, state);
        var person = state.Person.ToPerson();
        if (plan.Person is { } block && !person.HasIdentifier)
        {
            state.Findings.ReportBelow(block.WireName, ReadingRules.NoPerson, block);
        }

        if (state.Findings.IsRowDropped)
        {
            state.DroppedCount++;
            scope.ClearRow();
        }
        else if (!scope.TryKeep(person))
        {
            // Without a key the fault has been told already.
            if (scope.Key is not null)
            {
                state.Findings.ReportBelow(plan.Type.Key.WireName, ReadingRules.RepeatedId, plan.Type.Key);
            }

            scope.ClearRow();
        }
    }

    private static void CheckEvent(RecordPlan plan, RecordScope scope, ReadState state)
    {
        if (DayOf(scope, plan.EventSlot) is not { } day) return;
        foreach (var code in state.DatedCodes)
        {
            if (!code.Plan.IsValid(code.Code, day)) code.Plan.ReportExpired(state, code, day);
        }

        var type = state.Type;
        if (day.Year >= type.FirstDataYear && !(day.Year > type.LastDataYear)) return;
        var years = $"{type.FirstDataYear}–{type.LastDataYear}";
        state.Findings.ReportBelow(plan.Type.Event.WireName, ReadingRules.OutsideDataYears, plan.Type.Event, years);
    }

    private static DateOnly? DayOf(RecordScope scope, int slot)
    {
        var column = scope.Columns[slot];
        if (!column.IsPresent(scope.Row)) return null;
        if (column is ColumnBuilder<DateOnly> days) return days[scope.Row];
        IsoTime.TryLocalDay(((ColumnBuilder<DateTimeOffset>)column)[scope.Row].Ticks, out var day);
        return day;
    }

    private static void CheckOrder(OrderCheck order, RecordScope scope, ReadState state)
    {
        var (later, earlier) = (scope.Columns[order.Slot], scope.Columns[order.EarlierSlot]);
        if (!later.IsPresent(scope.Row) || !earlier.IsPresent(scope.Row)) return;
        var isRight = later is ColumnBuilder<DateOnly> days
            ? days[scope.Row] >= ((ColumnBuilder<DateOnly>)earlier)[scope.Row]
            : ((ColumnBuilder<DateTimeOffset>)later)[scope.Row] >= ((ColumnBuilder<DateTimeOffset>)earlier)[scope.Row];
        if (isRight) return;

        var pointer = state.Findings.Pointer() + order.Field.Path;
        var action = state.Findings.ReportAt(pointer, ReadingRules.WrongOrder, order.Field, order.Earlier.Titles.Nb);
        if (action == FaultAction.SetNull) later.Clear(scope.Row);
    }
}

/// <summary>What can only be told when a unit's block has been read: who the unit is, and where.</summary>
internal static class UnitBlock
{
    public static void Finish(MessagePlan plan, ReadState state, ReadOnlySpan<int> starts)
    {
        var unit = state.Scopes[plan.UnitScope];
        CompleteDistrict(plan, state, unit);
        var number = default(OrganizationNumber);
        if (unit.Columns[plan.UnitSlot] is ColumnBuilder<string> column && column.IsPresent(0)
            && !OrganizationNumber.TryParseForValidation(column[0], out number)) number = default;

        for (var i = 0; i < plan.Records.Count; i++)
        {
            ((RecordScope)state.Scopes[plan.Records[i].Scope]).FillUnit(starts[i], number, unit);
        }
    }

    // Two digits mean a district of the municipality beside them.
    private static void CompleteDistrict(MessagePlan plan, ReadState state, CellScope unit)
    {
        if (plan.DistrictSlot < 0) return;
        var district = (ColumnBuilder<string>)unit.Columns[plan.DistrictSlot];
        if (!district.IsPresent(0) || district[0].Length != UrbanDistrictPlan.ShortLength) return;
        var municipality = plan.MunicipalitySlot < 0
            ? null
            : (ColumnBuilder<string>)unit.Columns[plan.MunicipalitySlot];
        if (municipality is not null && municipality.IsPresent(0)
            && UrbanDistrictCode.TryParse($"{municipality[0]}{district[0]}", out var code))
        {
            district.Set(0, code.ToString());
            return;
        }

        var field = plan.Type.UnitFields[plan.DistrictSlot];
        state.Findings.ReportBelow(field.WireName, ReadingRules.UnknownDistrict, field);
        district.Clear(0);
    }
}
