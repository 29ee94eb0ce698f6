namespace Kilde.Synthetic;

/// <summary>One of the files of a trust's year: gets the patients one by one, in the order of institutions.</summary>
internal abstract class TrustFile(XmlOut xml, MessageFrame frame, FaultLog faults)
{
    private TrustInstitution? _institution;

    protected XmlOut Xml => xml;

    protected Horizon Horizon { get; } = new(frame.To);

    protected FaultLog Faults => faults;

    public long BytesWritten => xml.BytesWritten;

    public void Begin()
    {
        frame.Begin(xml);
        foreach (var (kind, contact) in ((FileFault, int)[])
            [(FileFault.TechnicalContactMissing, 1), (FileFault.VendorContactMissing, 15)])
        {
            if (faults.Mix.HasOnce(kind) && !frame.Contacts.Contains(contact))
                faults.Add(kind, frame.Module, "/Melding");
        }
    }

    public void Write(TrustInstitution institution, PatientYear patient)
    {
        if (!Tells(patient)) return;
        if (_institution != institution)
        {
            EndInstitution();
            BeginInstitution(institution);
        }

        WritePatient(patient);
    }

    public void End()
    {
        EndInstitution();
        frame.End(xml);
    }

    /// <summary>Whether this file has anything about the patient.</summary>
    protected virtual bool Tells(PatientYear patient) => true;

    protected virtual void WriteUnits(TrustInstitution institution)
    {
    }

    protected abstract void WritePatient(PatientYear patient);

    /// <summary>Notes a fault at a place below the institution.</summary>
    protected void Note(FileFault kind, string place) =>
        faults.Add(kind, frame.Module, $"/Melding/Institusjon[@institusjonID='{_institution!.Number}']/{place}");

    private void BeginInstitution(TrustInstitution institution)
    {
        var isWrong = _institution is null && faults.Mix.HasOnce(FileFault.WrongInstitution) && frame.Module == "ord";
        _institution = institution;
        xml.Begin("Institusjon"u8);
        var number = institution.Number.Number;
        if (isWrong) number += number % 10 == 9 ? -1 : 1;
        xml.Attribute("institusjonID"u8, number);
        if (isWrong)
        {
            faults.Add(
                FileFault.WrongInstitution, frame.Module,
                $"/Melding/Institusjon[@institusjonID='{number}']/@institusjonID");
        }

        WriteUnits(institution);
    }

    private void EndInstitution()
    {
        if (_institution is not null) xml.End("Institusjon"u8);
    }
}
