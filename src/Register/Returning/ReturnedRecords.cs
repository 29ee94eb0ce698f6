using Kilde.Kernel;
using Kilde.Register.Tables;

namespace Kilde.Register.Returning;

/// <summary>An area of a register, as definitions name it.</summary>
/// <param name="Name">For example <c>HST</c>.</param>
public sealed record RegisterArea(RegisterCode Register, string Name);

/// <summary>Which of a sender's records it is given back.</summary>
/// <param name="Area">Null for all of them.</param>
/// <param name="From">
/// The first data year: of whole years the year, of others that of the event; a record that tells no time comes along.
/// Null for all years.
/// </param>
public sealed record ReturnedRecords(RegisterArea? Area, DataYear? From)
{
    public static ReturnedRecords All { get; } = new(Area: null, From: null);

    internal bool Takes(RecordTable table) =>
        Area is null || (table.Register == Area.Register && table.Areas.Contains(Area.Name, StringComparer.Ordinal));
}
